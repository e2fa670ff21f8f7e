/** Gives the nodes' dumps their turns: one at a time on each, whoever asks for it. */
export interface DumpTurns {
  readonly take: <T>(node: string, dump: () => Promise<T>) => Promise<T>;
}

/** What a node is known by among all clusters. */
export const nodeKey = (cluster: string, node: string): string => JSON.stringify([cluster, node]);

export function dumpTurns(): DumpTurns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: (node, dump) => {
      const turn = (last.get(node) ?? Promise.resolve()).then(dump, dump);
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
