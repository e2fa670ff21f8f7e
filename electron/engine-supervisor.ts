/** A running engine process, as much of it as its supervisor needs. */
export interface EngineChild {
  onExit(handle: (code: number) => void): void;
  stop(): void;
}

const firstDelay = 500;
const longestDelay = 30_000;
/** An engine that lived this long, in ms, was sound: its next restart is quick again. */
const soundAfter = 60_000;

export interface EngineSupervisor<C extends EngineChild> {
  /** The engine that runs now; undefined while it waits to be started again. */
  current(): C | undefined;
  /** Ends the engine for good; resolves when it is gone, or after `patience` ms without it. */
  stop(patience: number): Promise<void>;
}

/**
 * Keeps an engine running:
 *
 *     running --exit--> waiting --delay--> running        delay: 0.5 s, doubled up to 30 s
 *        \--stop--> stopping --exit or patience--> stopped
 */
export function superviseEngine<C extends EngineChild>(options: {
  readonly start: () => C;
  /** A new engine is there, after the first. */
  readonly onRestart: () => void;
  readonly log: (line: string) => void;
}): EngineSupervisor<C> {
  let child: C | undefined;
  let stopping = false;
  let delay = firstDelay;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const exits: (() => void)[] = [];

  const run = () => {
    const startedAt = performance.now();
    child = options.start();
    child.onExit((code) => {
      child = undefined;
      for (const handle of exits.splice(0)) handle();
      if (stopping) return;
      if (performance.now() - startedAt > soundAfter) delay = firstDelay;
      options.log(`the engine ended (exit code ${code}); starting it again in ${delay / 1000} s`);
      timer = setTimeout(() => {
        run();
        options.onRestart();
      }, delay);
      delay = Math.min(delay * 2, longestDelay);
    });
  };
  run();

  return {
    current: () => child,
    async stop(patience) {
      stopping = true;
      clearTimeout(timer);
      if (child === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      exits.push(resolve);
      const deadline = setTimeout(resolve, patience);
      child.stop();
      await promise;
      clearTimeout(deadline);
    },
  };
}
