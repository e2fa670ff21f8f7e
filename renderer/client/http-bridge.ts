import type { Bridge } from '../../shared/contract/wire.ts';

const firstDelay = 500;
const longestDelay = 10_000;

/** Calls as POSTs and streams as server-sent events, to the host that served this page. */
export function httpBridge(origin: string): Bridge {
  return {
    async call(name, input) {
      try {
        const response = await fetch(`${origin}/api/call/${name}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
        });
        const isAnswer = response.headers.get('content-type')?.startsWith('application/json') === true;
        return isAnswer ? await response.json() : gone(await response.text());
      } catch (cause) {
        return gone(cause instanceof Error ? cause.message : String(cause));
      }
    },
    subscribe: (name, onValue, onState) => openStream(origin, name, onValue, onState),
  };
}

const gone = (message: string) => ({ ok: false, kind: 'engine-gone', message });

const take = (origin: string, id: string): void =>
  void fetch(`${origin}/api/taken/${id}`, { method: 'POST' }).catch(
    () => undefined, // the stream ends too, and says so
  );

/** EventSource gives up on the first answer that is not a stream, so the reconnecting is ours, with back-off. */
function openStream(
  origin: string,
  name: string,
  onValue: (value: unknown) => void,
  onState: (connected: boolean) => void,
): () => void {
  let delay = firstDelay;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = () => {
    source = new EventSource(`${origin}/api/stream/${name}`);
    source.onopen = () => {
      delay = firstDelay;
      onState(true);
    };
    source.onmessage = (event) => {
      onValue(JSON.parse(event.data));
      // Once what came is on screen the next may come, and not before: a busy page would fall behind.
      setTimeout(() => take(origin, event.lastEventId));
    };
    source.onerror = () => {
      source.close();
      onState(false);
      timer = setTimeout(open, delay * (0.75 + Math.random() / 2));
      delay = Math.min(delay * 2, longestDelay);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
