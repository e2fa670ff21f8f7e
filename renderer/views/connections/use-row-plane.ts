import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type DrawnRows, drawnRows, rowHeight } from './row-window.ts';
import type { RowScroller } from './use-row-window.ts';

/** Told of each move of the window before the frame that shows it is drawn. */
export type MoveListener = RefObject<(topRow: number) => void>;

/**
 * Rows on a plane that is moved under the window; React draws only when other rows come into view. The plane's rows lie
 * at their places from `drawn.base` on.
 */
export function useRowPlane({ viewport, topRow }: RowScroller, onMove: MoveListener) {
  const plane = useRef<HTMLDivElement>(null);
  const [, setDrawn] = useState<DrawnRows>();
  const shown = useRef<DrawnRows>({ first: 0, end: 0, base: 0 });

  const place = useCallback((top: number) => {
    const offset = Math.round((shown.current.base - top) * rowHeight);
    if (plane.current) plane.current.style.transform = `translateY(${offset}px)`;
  }, []);
  const drawn = drawnRows(topRow(), viewport);
  useLayoutEffect(() => {
    shown.current = drawn;
    place(topRow());
    onMove.current = (top) => {
      const wanted = drawnRows(top, viewport);
      const { first, end } = shown.current;
      // In the same frame: rows that came a frame after their place would be a gap.
      if (wanted.first !== first || wanted.end !== end) flushSync(() => setDrawn(wanted));
      place(top);
    };
  });
  return { plane, drawn };
}
