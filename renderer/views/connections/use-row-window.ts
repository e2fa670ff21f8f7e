import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  clampTopRow,
  isScaled,
  reveal,
  rowHeight,
  scrollTopFor,
  topRowAt,
  type Viewport,
} from './row-window.ts';

/** A scrolling element whose place is a row. */
export interface RowScroller {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly viewport: Viewport;
  /** The top row now. */
  readonly topRow: () => number;
  readonly onScroll: () => void;
  /** Moves the window just as far as the row needs. */
  readonly showRow: (row: number) => void;
}

/**
 * Joins a scrolling element to a window of rows; `headHeight`: what a sticky head covers, in px. `onTop` is told each
 * move, before the frame that shows it is drawn.
 */
export function useRowScroller(
  rows: number,
  headHeight: number,
  onTop: (topRow: number) => void,
): RowScroller {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  // Where we put the scroll bar ourselves: the event that follows must not be read back, or rows would be rounded away.
  const placed = useRef<number>(undefined);
  const viewport: Viewport = { rows, height };
  const newest = useRef({ viewport, topRow: 0, onTop });
  newest.current.viewport = viewport;
  newest.current.onTop = onTop;

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight - headHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [headHeight]);

  const setTop = useCallback((row: number) => {
    newest.current.topRow = row;
    newest.current.onTop(row);
  }, []);

  const moveTo = useCallback(
    (row: number) => {
      const { viewport: now } = newest.current;
      const target = clampTopRow(row, now);
      // Not read back from the element, which would lay the page out.
      placed.current = scrollTopFor(target, now);
      if (scroller.current !== null) scroller.current.scrollTop = placed.current;
      setTop(target);
    },
    [setTop],
  );

  const onScroll = useCallback(() => {
    const at = scroller.current?.scrollTop ?? 0;
    if (placed.current !== undefined && Math.abs(at - placed.current) < 1) return;
    placed.current = undefined;
    setTop(topRowAt(at, newest.current.viewport));
  }, [setTop]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (!isScaled(newest.current.viewport) || event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowHeight : event.deltaY;
      moveTo(newest.current.topRow + px / rowHeight);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [moveTo]);

  const showRow = useCallback(
    (row: number) => {
      const { viewport: now, topRow: top } = newest.current;
      const target = reveal(row, top, now);
      if (target !== top) moveTo(target);
    },
    [moveTo],
  );
  // A shorter table (a filter, another read) must not leave the window past its end.
  const topRow = useCallback(() => clampTopRow(newest.current.topRow, newest.current.viewport), []);
  return useMemo(
    () => ({ scroller, viewport: { rows, height }, topRow, onScroll, showRow }),
    [rows, height, topRow, onScroll, showRow],
  );
}

export interface RowWindow extends Omit<RowScroller, 'topRow'> {
  readonly topRow: number;
}

/** The same for a list that is drawn anew with each move. */
export function useRowWindow(rows: number, headHeight: number): RowWindow {
  const [, setTopRow] = useState(0);
  const { topRow, ...scroller } = useRowScroller(rows, headHeight, setTopRow);
  return { ...scroller, topRow: topRow() };
}
