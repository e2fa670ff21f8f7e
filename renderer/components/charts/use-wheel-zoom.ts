import { type RefObject, useEffect, useRef } from 'react';
import type { TimeSpan } from './chart-model.ts';
import { panned, type TimeWindow, zoomed } from './time-window.ts';

/** How much closer a px of the wheel goes. */
const perPx = 0.0025;

/** Ctrl and the wheel zoom around the pointer, sideways scrolling pans; the wheel alone scrolls the page. */
export function useWheelZoom(
  element: RefObject<HTMLElement | null>,
  span: TimeSpan,
  timeAt: (clientX: number) => number,
  onWindow: (window: TimeWindow) => void,
): void {
  const newest = useRef({ span, timeAt, onWindow });
  useEffect(() => {
    newest.current = { span, timeAt, onWindow };
  });
  useEffect(() => {
    const target = element.current;
    // React's own listener is passive and could not keep the page from zooming.
    const onWheel = (event: WheelEvent) => {
      const { span, timeAt, onWindow } = newest.current;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        onWindow(zoomed(span, Math.exp(event.deltaY * perPx), timeAt(event.clientX), Date.now()));
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        onWindow(panned(span, (event.deltaX * (span.to - span.from)) / 1000, Date.now()));
      }
    };
    target?.addEventListener('wheel', onWheel, { passive: false });
    return () => target?.removeEventListener('wheel', onWheel);
  }, [element]);
}
