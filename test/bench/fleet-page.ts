import type { Page } from 'playwright-core';

/** What reached the screen since the last time one looked. */
export interface Seen {
  /** From the making of a snapshot in the engine to the frame that shows it; of all clusters that changed. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** The longest time between two readings of one node. */
  readonly gapMs: number;
}

export interface FrameWatch {
  /** `except`: a cluster whose nodes are left out of the gaps. */
  take(except?: string): Promise<Seen>;
}

interface Recorded {
  delays: number[];
  gaps: { cluster: string; gap: number }[];
}

/** Listens in on the stream of a page that is yet to be opened; the page's own handling stays as it is. */
export async function watchFrames(page: Page): Promise<FrameWatch> {
  await page.addInitScript(record);
  return {
    take: async (except) => {
      const { delays, gaps }: Recorded = await page.evaluate('globalThis.takeRecorded()');
      const sorted = delays.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
      const others = gaps.filter(({ cluster }) => cluster !== except).map(({ gap }) => gap);
      return { medianMs: at(0.5), p95Ms: at(0.95), gapMs: Math.max(0, ...others) };
    },
  };
}

/** Runs in the page. Two frames after the handler React has committed and the browser has drawn. */
function record(): void {
  interface Change {
    readonly clusters: {
      readonly name: string;
      readonly observedAt: number;
      readonly nodes: { readonly name: string; readonly observedAt: number }[];
    }[];
  }
  let recorded: Recorded = { delays: [], gaps: [] };
  const lastRead = new Map<string, number>();
  const note = (change: Change) => {
    for (const { name: cluster, nodes } of change.clusters) {
      for (const { name, observedAt } of nodes) {
        const key = `${cluster} ${name}`;
        const before = lastRead.get(key) ?? 0;
        if (before > 0 && observedAt > before) recorded.gaps.push({ cluster, gap: observedAt - before });
        lastRead.set(key, observedAt);
      }
    }
    requestAnimationFrame(() =>
      setTimeout(() => {
        for (const { observedAt } of change.clusters) recorded.delays.push(Date.now() - observedAt);
      }),
    );
  };
  const Original = window.EventSource;
  window.EventSource = class extends Original {
    constructor(url: string | URL) {
      super(url);
      super.addEventListener('message', ({ data }) => note(JSON.parse(data)));
    }
  };
  Object.assign(globalThis, {
    takeRecorded: () => {
      const taken = recorded;
      recorded = { delays: [], gaps: [] };
      return taken;
    },
  });
}
