import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import {
  clampTopRow,
  isScaled,
  reveal,
  rowHeight,
  scrollTopFor,
  topRowAt,
  type Viewport,
} from './row-window.ts';

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly viewport: Viewport;
  readonly topRow: number;
  readonly onScroll: () => void;
  /** Moves the window just as far as the row needs. */
  readonly showRow: (row: number) => void;
}

/** Joins a scrolling element to a window of rows; `headHeight`: what a sticky head covers, in px. */
export function useRowWindow(rows: number, headHeight: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  const [topRow, setTopRow] = useState(0);
  // Where we put the scroll bar ourselves: the event that follows must not be read back, or rows would be rounded away.
  const placed = useRef<number>(undefined);
  const viewport: Viewport = { rows, height };
  const newest = useRef({ viewport, topRow });
  newest.current = { viewport, topRow };

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight - headHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [headHeight]);

  const moveTo = useCallback((row: number) => {
    const { viewport: now } = newest.current;
    const target = clampTopRow(row, now);
    setTopRow(target);
    if (scroller.current === null) return;
    scroller.current.scrollTop = scrollTopFor(target, now);
    placed.current = scroller.current.scrollTop;
  }, []);

  const onScroll = useCallback(() => {
    const at = scroller.current?.scrollTop ?? 0;
    if (placed.current !== undefined && Math.abs(at - placed.current) < 1) return;
    placed.current = undefined;
    setTopRow(topRowAt(at, newest.current.viewport));
  }, []);

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
  return { scroller, viewport, topRow: clampTopRow(topRow, viewport), onScroll, showRow };
}
