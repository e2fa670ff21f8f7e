import { useEffect, useState } from 'react';

/**
 * Hands a new value on to one of `slots` a frame, so that as many charts never have to be drawn within one. A slot that
 * has the newest value keeps it, and what shows it is not drawn again.
 */
export function useStaggered<T>(value: T, slots: number): readonly T[] {
  const [shown, setShown] = useState<readonly T[]>(() => Array.from({ length: slots }, () => value));
  useEffect(() => {
    let slot = 0;
    let frame = 0;
    const next = () => {
      const index = slot;
      setShown((last) => (last[index] === value ? last : last.with(index, value)));
      slot += 1;
      if (slot < slots) frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => cancelAnimationFrame(frame);
  }, [value, slots]);
  return shown;
}
