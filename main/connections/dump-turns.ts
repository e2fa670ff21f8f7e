/** A node among all clusters. */
export interface NodeAddress {
  readonly cluster: string;
  readonly node: string;
}

/** Gives the nodes' dumps their turns: one at a time on each, whoever asks for it. */
export interface DumpTurns {
  readonly take: <T>(where: NodeAddress, dump: () => Promise<T>) => Promise<T>;
}

/** What a node is known by in a map of all. */
export const nodeKey = ({ cluster, node }: NodeAddress): string => JSON.stringify([cluster, node]);

/** `spare`: what else is asked of a node is put off while the dump is read. */
export function dumpTurns(
  spare: (where: NodeAddress, dump: Promise<unknown>) => void = () => undefined,
): DumpTurns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: (where, dump) => {
      const key = nodeKey(where);
      const start = () => {
        const running = dump();
        spare(where, running);
        return running;
      };
      const turn = (last.get(key) ?? Promise.resolve()).then(start, start);
      const settled = turn.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, settled);
      void settled.then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
      return turn;
    },
  };
}
