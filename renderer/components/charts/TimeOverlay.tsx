import { useRef, useState } from 'react';
import { formatInstant } from '../../../shared/domain/format.ts';
import type { TimeSpan } from './chart-model.ts';
import { type Cursor, useCursor } from './cursor.ts';
import type { ChartMark } from './marks.ts';
import { timePlace } from './path.ts';
import { panned, selected, type TimeWindow } from './time-window.ts';
import { useTimeKeys } from './use-time-keys.ts';
import { useWheelZoom } from './use-wheel-zoom.ts';

export interface TimeOverlayProps {
  readonly span: TimeSpan;
  readonly width: number;
  readonly left: number;
  readonly times: readonly number[];
  readonly marks: readonly ChartMark[];
  readonly cursor: Cursor;
  /** Every figure at a moment, in one sentence each. */
  readonly describe: (at: number) => string;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onReset: () => void;
}

/** Closer (px) than this the cursor is on a mark. */
const near = 5;
/** A shorter drag (px) is a click. */
const shortest = 4;

/** Over all charts at once: the cursor, the marks, and what pointer and keys do to the time that is shown. */
export function TimeOverlay(props: TimeOverlayProps) {
  const { span, width, left, marks, cursor, onWindow, onReset } = props;
  const element = useRef<HTMLDivElement>(null);
  const at = useCursor(cursor);
  const [drag, setDrag] = useState<{ from: number; to: number; pans: boolean; span: TimeSpan }>();
  const x = timePlace(span, width);
  const perPx = (span.to - span.from) / Math.max(1, width);
  const timeAt = (clientX: number) => {
    const box = element.current?.getBoundingClientRect();
    const px = Math.max(0, Math.min(width, clientX - (box?.left ?? 0)));
    return span.from + px * perPx;
  };
  useWheelZoom(element, span, timeAt, onWindow);
  const onKeyDown = useTimeKeys(props);
  const onPointerUp = () => {
    if (drag && !drag.pans && Math.abs(drag.from - drag.to) > shortest * perPx) {
      onWindow(selected(drag.from, drag.to, Date.now()));
    }
    setDrag(undefined);
  };
  return (
    <div
      ref={element}
      className="time-overlay"
      style={{ left, width }}
      data-panning={drag?.pans ?? false}
      role="slider"
      tabIndex={0}
      aria-label="Moment under the cursor"
      aria-description="Left and right move the cursor, up and down go from event to event, plus and minus zoom, shift with left and right pans, 0 resets."
      aria-valuemin={Math.round(span.from)}
      aria-valuemax={Math.round(span.to)}
      aria-valuenow={Math.round(at ?? span.to)}
      aria-valuetext={at === undefined ? 'now' : formatInstant(at)}
      onKeyDown={onKeyDown}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = timeAt(event.clientX);
        setDrag({ from: at, to: at, pans: event.shiftKey, span });
      }}
      onPointerMove={(event) => {
        const at = timeAt(event.clientX);
        if (drag?.pans) {
          const shift = (event.movementX * (drag.span.to - drag.span.from)) / Math.max(1, width);
          onWindow(panned(span, -shift, Date.now()));
          return;
        }
        cursor.set(at);
        if (drag) setDrag({ ...drag, to: at });
      }}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setDrag(undefined)}
      onPointerLeave={() => cursor.set(undefined)}
    >
      <svg width={width} height="100%" aria-hidden="true" data-clip="true">
        {marks
          .filter(({ at }) => at >= span.from && at <= span.to)
          .map((mark) => (
            <line
              key={`${mark.at} ${mark.label}`}
              className="mark-line"
              data-severity={mark.severity}
              x1={x(mark.at)}
              x2={x(mark.at)}
              y1="0"
              y2="100%"
            />
          ))}
        {drag && !drag.pans && (
          <rect
            className="time-selection"
            x={x(Math.min(drag.from, drag.to))}
            width={Math.abs(x(drag.to) - x(drag.from))}
            y="0"
            height="100%"
          />
        )}
      </svg>
      <CursorLine {...props} />
    </div>
  );
}

/** The moment under the cursor, and in full what happened at it. */
function CursorLine({ span, width, marks, cursor }: TimeOverlayProps) {
  const at = useCursor(cursor);
  if (at === undefined || at < span.from || at > span.to) return null;
  const x = timePlace(span, width);
  const here = marks.filter((mark) => Math.abs(x(mark.at) - x(at)) <= near);
  return (
    <div
      className="time-cursor"
      data-side={x(at) > width / 2 ? 'left' : 'right'}
      style={{ transform: `translateX(${Math.round(x(at))}px)` }}
    >
      <div className="time-flag">
        <p>{formatInstant(at)}</p>
        {here.slice(0, 6).map((mark) => (
          <p key={`${mark.at} ${mark.label}`} data-severity={mark.severity}>
            {mark.label}
          </p>
        ))}
        {here.length > 6 && <p className="quiet">and {here.length - 6} more</p>}
      </div>
    </div>
  );
}
