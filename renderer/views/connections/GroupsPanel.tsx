import './groups.css';
import { X } from 'lucide-react';
import { useState } from 'react';
import { GroupBy } from '../../../shared/domain/connection-groups.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { Button } from '../../components/Button.tsx';
import {
  groupTitles,
  type Measure,
  measureTitles,
  shownGroups,
  type Talker,
  talkers,
} from './groups-model.ts';
import { TalkerChart } from './TalkerChart.tsx';
import { useGroups } from './use-groups.ts';

interface GroupsPanelProps {
  readonly cluster: string;
  readonly node: string;
  readonly filter: string;
  readonly revision: number;
  readonly onNarrow: (term: string) => void;
  readonly onClose: () => void;
}

/** Who and what the connections that match belong to: top talkers as bars, and the same as a table. */
export function GroupsPanel({ cluster, node, filter, revision, onNarrow, onClose }: GroupsPanelProps) {
  const [by, setBy] = useState<GroupBy>('src');
  const [measure, setMeasure] = useState<Measure>('connections');
  const { groups, problem } = useGroups({ cluster, node, filter, by, measure, limit: shownGroups }, revision);
  const rows = groups && talkers(groups, measure);
  return (
    <aside className="groups" aria-label="Groups and totals">
      <header>
        <h2>Top talkers</h2>
        <Button kind="bare" size="icon" aria-label="Close the groups" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </header>
      <div className="groups-choice">
        <label>
          By{' '}
          <select className="input" value={by} onChange={(event) => setBy(GroupBy.parse(event.target.value))}>
            {GroupBy.options.map((each) => (
              <option key={each} value={each}>
                {groupTitles[each]}
              </option>
            ))}
          </select>
        </label>
        <fieldset className="segments" aria-label="Measured in">
          {(['connections', 'bytes', 'packets'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={each === measure} onClick={() => setMeasure(each)}>
              {measureTitles[each]}
            </button>
          ))}
        </fieldset>
      </div>
      {problem !== undefined && (
        <p className="notice" data-tone="warning" role="alert">
          {problem}
        </p>
      )}
      {groups && rows === undefined && (
        <p className="quiet">
          {node} does not count {measure}: net.netfilter.nf_conntrack_acct is 0 there.
        </p>
      )}
      {groups && rows && (
        <>
          <TalkerChart rows={rows} title={`${measureTitles[measure]} by ${groupTitles[by].toLowerCase()}`} />
          <TalkerTable
            rows={rows}
            by={groupTitles[by]}
            measure={measureTitles[measure]}
            onNarrow={onNarrow}
          />
          <p className="quiet">
            {formatCount(groups.count)} groups of {formatCount(groups.total.connections)} connections
          </p>
        </>
      )}
    </aside>
  );
}

interface TalkerTableProps {
  readonly rows: readonly Talker[];
  readonly by: string;
  readonly measure: string;
  readonly onNarrow: (term: string) => void;
}

const TalkerTable = ({ rows, by, measure, onNarrow }: TalkerTableProps) => (
  <table>
    <thead>
      <tr>
        <th scope="col">{by}</th>
        <th scope="col" data-align="end">
          {measure}
        </th>
        <th scope="col" data-align="end">
          Share
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ label, filter, text, share }) => (
        <tr key={filter ?? label}>
          <th scope="row">
            {filter === undefined ? (
              <span className="quiet">{label}</span>
            ) : (
              <button
                type="button"
                className="link cut"
                title={`Filter: ${filter}`}
                onClick={() => onNarrow(filter)}
              >
                {label}
              </button>
            )}
          </th>
          <td data-align="end">{text}</td>
          <td data-align="end">{share}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
