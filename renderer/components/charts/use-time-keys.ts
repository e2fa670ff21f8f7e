import { type KeyboardEvent, useEffect, useRef } from 'react';
import { announce } from '../../client/store.ts';
import type { TimeSpan } from './chart-model.ts';
import type { Cursor } from './cursor.ts';
import type { ChartMark } from './marks.ts';
import { panned, type TimeWindow, zoomed } from './time-window.ts';

interface TimeKeys {
  readonly span: TimeSpan;
  readonly times: readonly number[];
  readonly marks: readonly ChartMark[];
  readonly cursor: Cursor;
  readonly describe: (at: number) => string;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onReset: () => void;
}

/** A key that is held moves on; what it passes is not said. */
const settledMs = 250;
const closer = 0.5;
const step = 0.1;

/** What the keys do while the charts have the focus. The figures under the cursor are said once it stands. */
export function useTimeKeys({ span, times, marks, cursor, describe, onWindow, onReset }: TimeKeys) {
  const saying = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(saying.current), []);

  const go = (at: number | undefined) => {
    if (at === undefined) return;
    cursor.set(at);
    clearTimeout(saying.current);
    saying.current = setTimeout(() => announce(describe(at)), settledMs);
    const length = span.to - span.from;
    if (at < span.from) onWindow(panned(span, at - span.from - length * step, Date.now()));
    if (at > span.to) onWindow(panned(span, at - span.to + length * step, Date.now()));
  };
  const within = times.filter((at) => at >= span.from && at <= span.to);
  const moved = (by: number): number | undefined => {
    const at = cursor.get();
    if (at === undefined) return by < 0 ? within.at(-1) : within[0];
    const next = by < 0 ? within.findLastIndex((time) => time < at) : within.findIndex((time) => time > at);
    return next === -1
      ? undefined
      : within[Math.max(0, Math.min(within.length - 1, next + by - Math.sign(by)))];
  };
  const nextMark = (by: 1 | -1): number | undefined => {
    const at = cursor.get() ?? (by < 0 ? span.to : span.from);
    const sorted = marks.map((mark) => mark.at).sort((a, b) => a - b);
    return by < 0 ? sorted.findLast((each) => each < at) : sorted.find((each) => each > at);
  };
  const zoom = (factor: number) =>
    onWindow(zoomed(span, factor, cursor.get() ?? (span.from + span.to) / 2, Date.now()));
  const pan = (share: number) => onWindow(panned(span, (span.to - span.from) * share, Date.now()));

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(moved(-1)),
    ArrowRight: () => go(moved(1)),
    PageUp: () => go(moved(-10)),
    PageDown: () => go(moved(10)),
    Home: () => go(within[0]),
    End: () => go(within.at(-1)),
    ArrowUp: () => go(nextMark(-1)),
    ArrowDown: () => go(nextMark(1)),
    'Shift+ArrowLeft': () => pan(-step),
    'Shift+ArrowRight': () => pan(step),
    '+': () => zoom(closer),
    '=': () => zoom(closer),
    '-': () => zoom(1 / closer),
    '0': onReset,
  };
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const shifted = event.shiftKey && event.key.startsWith('Arrow');
    const act = keys[shifted ? `Shift+${event.key}` : event.key];
    if (event.key === 'Escape' && cursor.get() !== undefined) cursor.set(undefined);
    else if (act) act();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
