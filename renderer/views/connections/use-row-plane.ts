import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { type DrawnRows, drawnRows, leaps, rowHeight, staysAfterMs } from './row-window.ts';
import type { RowScroller } from './use-row-window.ts';

/** Told of each move of the window before the frame that shows it is drawn. */
export type MoveListener = RefObject<(topRow: number) => void>;

/** What the plane asks of the table. */
export interface PlaneRows {
  /** Whether any of these rows could be drawn now. */
  readonly isAnyThere: (rows: DrawnRows) => boolean;
  /** The window is at these rows, of which nothing is drawn. */
  readonly onPass: (rows: DrawnRows) => void;
}

/**
 * Rows on a plane that is moved under the window; React draws only when other rows come into view. The plane's rows lie
 * at their places from `drawn.base` on. While the window passes rows of which none is fetched, or leaps and leaps again,
 * the plane is veiled: to draw what nobody can read would take most of a frame or more.
 */
export function useRowPlane({ viewport, topRow }: RowScroller, onMove: MoveListener, rows: PlaneRows) {
  const plane = useRef<HTMLDivElement>(null);
  const [, setDrawn] = useState<DrawnRows>();
  const shown = useRef<DrawnRows>({ first: 0, end: 0, base: 0 });
  const isVeiled = useRef(false);
  const last = useRef({ first: 0, leaptAt: Number.NEGATIVE_INFINITY });
  const staying = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(staying.current), []);

  const veil = useCallback((veiled: boolean) => {
    if (isVeiled.current === veiled) return;
    isVeiled.current = veiled;
    plane.current?.parentElement?.toggleAttribute('data-passing', veiled);
  }, []);
  const place = useCallback((top: number) => {
    const offset = Math.round((shown.current.base - top) * rowHeight);
    if (plane.current) plane.current.style.transform = `translateY(${offset}px)`;
  }, []);
  const wanted = drawnRows(topRow(), viewport);
  // rows that came for a place that the window has left are no reason to draw the one that it passes
  const passes = isVeiled.current && wanted.end > wanted.first && !rows.isAnyThere(wanted);
  const drawn = passes ? shown.current : wanted;
  useLayoutEffect(() => {
    shown.current = drawn;
    if (!passes) {
      place(topRow());
      veil(false);
    }
    onMove.current = (top) => {
      const wanted = drawnRows(top, viewport);
      const { first, end } = shown.current;
      const isOther = wanted.first !== first || wanted.end !== end;
      const isLeaping = leapsAgain(last.current, wanted);
      clearTimeout(staying.current);
      if (isLeaping) staying.current = setTimeout(() => setDrawn(wanted), staysAfterMs);
      if (isOther && (isLeaping || !rows.isAnyThere(wanted))) {
        veil(true);
        return rows.onPass(wanted);
      }
      // In the same frame: rows that came a frame after their place would be a gap.
      if (isOther) flushSync(() => setDrawn(wanted));
      place(top);
      veil(false);
    };
  });
  return { plane, drawn };
}

/** Notes where the window is; whether it leapt there a moment after it had leapt before. */
function leapsAgain(last: { first: number; leaptAt: number }, { first, end }: DrawnRows): boolean {
  const now = performance.now();
  const isLeap = leaps(last.first, first, end - first);
  const isAgain = isLeap && now - last.leaptAt < staysAfterMs;
  last.first = first;
  if (isLeap) last.leaptAt = now;
  return isAgain;
}
