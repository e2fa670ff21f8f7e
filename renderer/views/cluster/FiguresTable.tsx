import { memo } from 'react';
import { formatInstant } from '../../../shared/domain/format.ts';
import type { Chart } from '../../components/charts/chart-model.ts';

interface FiguresTableProps {
  readonly charts: readonly Chart[];
  /** Every nth point, so that one can read it. */
  readonly rows: number;
  readonly hidden?: boolean;
}

/** The figures of the charts as a table, newest first. */
export const FiguresTable = memo(function FiguresTable({ charts, rows, hidden = false }: FiguresTableProps) {
  const times = charts[0]?.times ?? [];
  const lines = charts.flatMap((chart) => chart.lines);
  const every = Math.max(1, Math.ceil(times.length / rows));
  const last = times.length - 1;
  const indexes = times.flatMap((_, index) => ((last - index) % every === 0 ? [index] : [])).reverse();
  return (
    <section className={hidden ? 'visually-hidden' : 'figures'} aria-label="Figures over time, as a table">
      <table className="figures-table">
        <caption className="visually-hidden">Figures over time, newest first</caption>
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
          {indexes.map((index) => (
            <tr key={times[index]}>
              <th scope="row">{formatInstant(times[index] ?? 0)}</th>
              {lines.map((line) => (
                <td key={line.key}>{line.text(index)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
});
