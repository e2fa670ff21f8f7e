/** Gives the nodes' dumps their turns: one at a time on each, whoever asks for it. */
export interface DumpTurns {
  readonly take: <T>(node: string, dump: () => Promise<T>) => Promise<T>;
}

/** What a node is known by among all clusters. */
export const nodeKey = (cluster: string, node: string): string => JSON.stringify([cluster, node]);

/** The cluster and the node of such a key. */
export const namesIn = (key: string): [cluster: string, node: string] => JSON.parse(key);

/** `spare`: what else is asked of a node is put off while the dump is read. */
export function dumpTurns(
  spare: (node: string, dump: Promise<unknown>) => void = () => undefined,
): DumpTurns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: (node, dump) => {
      const start = () => {
        const running = dump();
        spare(node, running);
        return running;
      };
      const turn = (last.get(node) ?? Promise.resolve()).then(start, start);
      const settled = turn.then(
        () => undefined,
        () => undefined,
      );
      last.set(node, settled);
      void settled.then(() => {
        if (last.get(node) === settled) last.delete(node);
      });
      return turn;
    },
  };
}
