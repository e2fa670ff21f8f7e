/**
 * Hands values to a reader at the reader's own pace: while it is busy with one, only the newest of the others waits.
 * `send` must call `taken` when the reader is ready for the next.
 */
export function newestWins<T>(send: (value: T, taken: () => void) => void): (value: T) => void {
  let busy = false;
  let waiting: { value: T } | undefined;
  const taken = () => {
    busy = false;
    if (waiting === undefined) return;
    const { value } = waiting;
    waiting = undefined;
    offer(value);
  };
  const offer = (value: T) => {
    if (busy) {
      waiting = { value };
      return;
    }
    busy = true;
    send(value, taken);
  };
  return offer;
}
