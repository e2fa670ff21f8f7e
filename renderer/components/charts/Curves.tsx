import { useMemo } from 'react';
import type { Chart, ChartLine, TimeSpan } from './chart-model.ts';
import { indexAt } from './chart-model.ts';
import { type Cursor, useCursor } from './cursor.ts';
import { areaPath, linePath, type Place, timePlace, unknownSpans, valuePlace } from './path.ts';

interface CurvesProps {
  readonly chart: Chart;
  readonly span: TimeSpan;
  readonly reach: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly cursor: Cursor;
}

/** The lines of a chart, how far each moved within its points, and what is known of them only within bounds. */
export function Curves({ chart, span, reach, left, top, width, height, cursor }: CurvesProps) {
  const { scale } = chart;
  const x = useMemo(() => timePlace(span, width), [span, width]);
  const y = useMemo(() => valuePlace(scale.low, scale.high, height), [scale.low, scale.high, height]);
  const drawn = useMemo(() => draw(chart, reach, x, y, height), [chart, reach, x, y, height]);
  return (
    <svg
      className="curves"
      width={width}
      height={height}
      style={{ left, top }}
      data-clip="true"
      aria-hidden="true"
    >
      {drawn.unknown.map((path) => (
        <path key={path} d={path} className="unknown-span" />
      ))}
      {drawn.areas.map(({ key, path, colour, hatched }) => (
        <path
          key={key}
          d={path}
          className={hatched ? 'band resolution' : 'band'}
          style={{ color: colour, ...(hatched && { fill: `url(#${hatchId(colour)})` }) }}
        />
      ))}
      {scale.low < 0 && scale.high > 0 && (
        <path className="zero" d={`M0 ${Math.round(y(0)) + 0.5}h${width}`} />
      )}
      {drawn.lines.map(({ line, path }) => (
        <path
          key={line.key}
          className="curve"
          d={path}
          style={{ color: line.colour }}
          strokeDasharray={line.dashed ? '5 3' : undefined}
        />
      ))}
      <CursorDots chart={chart} reach={reach} x={x} y={y} cursor={cursor} />
    </svg>
  );
}

/** Of the pattern that a theme's colour is hatched with. */
export const hatchId = (colour: string): string => `hatch-${colour.replace(/\W+/g, '-')}`;

/** As drawn: the other direction goes down. */
const signed = (line: ChartLine, values: ChartLine['values']) =>
  line.below ? values.map((value) => (value === null ? null : -value)) : values;

function draw({ times, lines, bands, legend }: Chart, reach: number, x: Place, y: Place, height: number) {
  const area = (low: ChartLine['values'], high: ChartLine['values']) =>
    areaPath(times, low, high, x, y, reach);
  const envelopes = lines.flatMap((line) => {
    if (!line.lowest && !line.highest) return [];
    const [low, high] = [line.lowest ?? line.values, line.highest ?? line.values];
    return [
      {
        key: `${line.key} range`,
        colour: line.colour,
        hatched: false,
        path: area(signed(line, low), signed(line, high)),
      },
    ];
  });
  const all = legend.flatMap((row) => row.lines.map(({ values }) => values));
  return {
    unknown:
      all.length === 0
        ? []
        : unknownSpans(times, [...all, ...bands.map(({ high }) => high)]).map(
            ([from, to]) => `M${x(from).toFixed(1)} 0H${x(to).toFixed(1)}V${height}H${x(from).toFixed(1)}Z`,
          ),
    areas: [
      ...envelopes,
      ...bands.map(({ key, colour, low, high, hatched }) => ({
        key,
        colour,
        hatched: hatched ?? false,
        path: area(low, high),
      })),
    ],
    lines: lines.map((line) => ({ line, path: linePath(times, signed(line, line.values), x, y, reach) })),
  };
}

interface CursorDotsProps {
  readonly chart: Chart;
  readonly reach: number;
  readonly x: Place;
  readonly y: Place;
  readonly cursor: Cursor;
}

function CursorDots({ chart, reach, x, y, cursor }: CursorDotsProps) {
  const at = useCursor(cursor);
  const index = at === undefined ? undefined : indexAt(chart.times, at, reach);
  if (index === undefined) return null;
  return chart.lines.map((line) => {
    const value = line.values[index];
    return value === null || value === undefined ? null : (
      <circle
        key={line.key}
        className="cursor-dot"
        cx={x(chart.times[index] ?? 0)}
        cy={y(line.below ? -value : value)}
        r="3"
        style={{ color: line.colour }}
      />
    );
  });
}
