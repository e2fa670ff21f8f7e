/** Up to so many nodes are read once a second. */
const manyNodes = 50;

/**
 * How often (ms) a node is read, by how many there are in all: past a desk's worth of clusters, seeing each two seconds
 * apart is worth more than half of a processor of the operator's machine.
 */
export const pollInterval = (nodes: number): number => (nodes > manyNodes ? 2_000 : 1_000);
