import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type DrawnRows, drawnRows, rowHeight } from './row-window.ts';
import { type RowScroller, useRowScroller } from './use-row-window.ts';

export interface RowPlane extends RowScroller {
  /** What the rows lie on, at their places from `drawn.base` on: moving it is all that most frames need. */
  readonly plane: RefObject<HTMLDivElement | null>;
  readonly drawn: DrawnRows;
}

/** Rows on a plane that is moved under the window; React draws only when other rows come into view. */
export function useRowPlane(rows: number, headHeight: number): RowPlane {
  const plane = useRef<HTMLDivElement>(null);
  const [, setDrawn] = useState<DrawnRows>();
  const shown = useRef<DrawnRows>({ first: 0, end: 0, base: 0 });
  const measured = useRef<RowScroller>(undefined);

  const place = useCallback((topRow: number) => {
    const offset = Math.round((shown.current.base - topRow) * rowHeight);
    if (plane.current) plane.current.style.transform = `translateY(${offset}px)`;
  }, []);
  const onTop = useCallback(
    (topRow: number) => {
      const viewport = measured.current?.viewport;
      if (!viewport) return;
      const wanted = drawnRows(topRow, viewport);
      const { first, end } = shown.current;
      // In the same frame: rows that came a frame after their place would be a gap.
      if (wanted.first !== first || wanted.end !== end) flushSync(() => setDrawn(wanted));
      place(topRow);
    },
    [place],
  );
  const scroller = useRowScroller(rows, headHeight, onTop);
  measured.current = scroller;
  const drawn = drawnRows(scroller.topRow(), scroller.viewport);
  useLayoutEffect(() => {
    shown.current = drawn;
    place(scroller.topRow());
  });
  return { ...scroller, plane, drawn };
}
