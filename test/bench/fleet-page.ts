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
  interface Put {
    readonly put?: unknown;
    readonly keys?: Readonly<Record<string, Put>>;
    readonly items?: Readonly<Record<string, Put>>;
  }
  interface Whole {
    readonly observedAt: number;
    readonly nodes: { readonly observedAt: number }[];
  }
  let recorded: Recorded = { delays: [], gaps: [] };
  const lastRead = new Map<string, number>();
  const read = (cluster: string, place: string, observedAt: unknown) => {
    if (typeof observedAt !== 'number') return;
    const key = `${cluster} ${place}`;
    const before = lastRead.get(key) ?? 0;
    if (before > 0 && observedAt > before) recorded.gaps.push({ cluster, gap: observedAt - before });
    lastRead.set(key, observedAt);
  };
  const note = ({ clusters }: { readonly clusters: { readonly name: string; readonly change: Put }[] }) => {
    const judged: number[] = [];
    for (const { name, change } of clusters) {
      const whole = change.put as Whole | undefined;
      for (const [place, node] of (whole?.nodes ?? []).entries()) read(name, `${place}`, node.observedAt);
      for (const [place, node] of Object.entries(change.keys?.nodes?.items ?? {}))
        read(name, place, node.keys?.observedAt?.put);
      const at = whole?.observedAt ?? change.keys?.observedAt?.put;
      if (typeof at === 'number') judged.push(at);
    }
    requestAnimationFrame(() =>
      setTimeout(() => {
        for (const at of judged) recorded.delays.push(Date.now() - at);
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
