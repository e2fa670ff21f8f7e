import { vi } from 'vitest';

/** Gives the client's HTTP bridge what a browser with the session's cookie would: fetch and EventSource. */
export function actAsABrowser(origin: string, cookie: string): void {
  const headers = { cookie, origin, 'sec-fetch-site': 'same-origin' };
  const real = globalThis.fetch;
  const withCookie: typeof fetch = (url, init) =>
    real(url, { ...init, headers: { ...headers, ...(init?.headers as Record<string, string>) } });
  vi.stubGlobal('fetch', withCookie);
  vi.stubGlobal(
    'EventSource',
    class {
      onopen: () => void = () => undefined;
      onmessage: (event: { data: string; lastEventId: string }) => void = () => undefined;
      onerror: () => void = () => undefined;
      readonly #abort = new AbortController();
      constructor(url: string) {
        this.#read(url).catch(() => {
          if (!this.#abort.signal.aborted) this.onerror();
        });
      }
      close() {
        this.#abort.abort();
      }
      async #read(url: string) {
        const response = await withCookie(url, { signal: this.#abort.signal });
        if (response.status !== 200 || response.body === null) throw new Error(`${response.status}`);
        this.onopen();
        let rest = '';
        for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
          const events = (rest + chunk).split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) {
            const [, lastEventId = '', data] = /^id: (.*)\ndata: (.*)$/.exec(event) ?? [];
            if (data !== undefined) this.onmessage({ data, lastEventId });
          }
        }
        throw new Error('the stream ended');
      }
    },
  );
}
