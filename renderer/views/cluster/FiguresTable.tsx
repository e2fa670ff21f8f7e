import { formatClock, formatCount, formatDuration } from '../../../shared/domain/format.ts';
import { type ChartLine, chartPoints } from '../../components/charts/chart-model.ts';

/** The figures of the charts as a table, newest first, thinned to what one can read. */
export const FiguresTable = ({ times, lines }: { times: readonly number[]; lines: readonly ChartLine[] }) => (
  <table className="figures-table">
    <caption className="visually-hidden">Figures over time</caption>
    <thead>
      <tr>
        <th scope="col">Time</th>
        {lines.map((line) => (
          <th key={line.key} scope="col">
            {line.name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {chartPoints(times, lines, 30)
        .toReversed()
        .map((point) => (
          <tr key={point.at}>
            <th scope="row">{formatClock(point.at)}</th>
            {lines.map((line) => (
              <td key={line.key}>{figure(line, point[line.key])}</td>
            ))}
          </tr>
        ))}
    </tbody>
  </table>
);

function figure(line: ChartLine, value: number | null | undefined): string {
  if (value === null || value === undefined) return 'unknown';
  return line.key.startsWith('lag ') ? formatDuration(value * 1000) : formatCount(value);
}
