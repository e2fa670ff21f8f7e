import { type KeyboardEvent, memo, type ReactNode } from 'react';
import { routeToHash } from '../../client/route.ts';
import { Age, useFreshness } from '../../components/Age.tsx';
import { State } from '../../components/StateMark.tsx';
import type { Figure, FleetRow } from './fleet-model.ts';
import { SparklineCell } from './SparklineCell.tsx';
import type { Sparkline } from './sparkline-model.ts';

interface FleetTableProps {
  readonly rows: readonly FleetRow[];
  readonly lines: ReadonlyMap<string, Sparkline>;
  readonly hold: () => void;
  readonly release: () => void;
}

export const FleetTable = ({ rows, lines, hold, release }: FleetTableProps) => (
  <table
    className="fleet-table"
    onPointerEnter={hold}
    onPointerLeave={release}
    onFocus={hold}
    onBlur={release}
    onKeyDown={moveFocus}
  >
    <caption className="visually-hidden">Clusters, worst first</caption>
    <thead>
      <tr>
        <th scope="col">Verdict</th>
        <th scope="col">Cluster</th>
        <th scope="col">Master</th>
        <th scope="col">Slaves</th>
        <th scope="col" className="figure">
          Connections
        </th>
        <th scope="col" className="figure">
          <abbr title="Of the slave that covers least">Coverage</abbr>
        </th>
        <th scope="col" className="figure">
          Lag
        </th>
        <th scope="col">Last failover</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <Row key={row.name} row={row} line={lines.get(row.name)} />
      ))}
    </tbody>
  </table>
);

/** Of a hundred clusters a few change at a time. */
const Row = memo(({ row, line }: { row: FleetRow; line: Sparkline | undefined }) => (
  <tr data-tone={row.verdict.tone}>
    <td>
      <State face={row.verdict} />
    </td>
    <th scope="row">
      <a className="cut" href={routeToHash({ view: 'cluster', cluster: row.name })} title={row.name}>
        {row.name}
      </a>
      {row.environment && (
        <span className="environment" data-environment={row.environment}>
          {row.environment}
        </span>
      )}
      {row.demo && <span className="environment">demo</span>}
      <p className="sentence" title={row.sentence}>
        {row.sentence}
      </p>
    </th>
    <td className="cut" title={row.master} data-label="master">
      {row.master}
    </td>
    <td data-label="slaves">
      {row.slaves.length === 0 && <span className="quiet">none</span>}
      <ul>
        {row.slaves.map((slave) => (
          <li key={slave.name} className="slave">
            <span className="cut" title={slave.name}>
              {slave.name}
            </span>
            {slave.readiness && <State face={slave.readiness} />}
            {(slave.readiness === undefined || slave.face.word !== 'in step') && <State face={slave.face} />}
            {slave.held && <span className="environment">held down</span>}
          </li>
        ))}
      </ul>
    </td>
    <FigureCell label="connections" figure={row.connections}>
      <SparklineCell line={line} />
    </FigureCell>
    <FigureCell label="coverage" figure={row.coverage} />
    <FigureCell label="lag" figure={row.lag} />
    <td className="last" data-label="last failover">
      {row.lastFailover ? (
        <span title={row.lastFailover.message}>
          <Age at={row.lastFailover.at} />
        </span>
      ) : (
        <span className="quiet">none known</span>
      )}
    </td>
  </tr>
));

interface FigureCellProps {
  readonly label: string;
  readonly figure: Figure;
  readonly children?: ReactNode;
}

function FigureCell({ label, figure, children }: FigureCellProps) {
  const fresh = useFreshness(figure.observedAt);
  return (
    <td className="figure" data-label={label} data-fresh={fresh} data-known={figure.text !== 'unknown'}>
      {figure.text}
      {figure.observedAt !== undefined && fresh !== 'fresh' && (
        <p className="small">
          <Age at={figure.observedAt} cadence={{ interval: 1000, deadline: 6000 }} />
        </p>
      )}
      {children}
    </td>
  );
}

/** Arrows, Home and End go from cluster to cluster; Enter follows the link that has the focus. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('th a')];
  const index = links.findIndex((link) => link.matches(':focus'));
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: links.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, target))]?.focus();
}
