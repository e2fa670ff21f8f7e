import { RefreshCw } from 'lucide-react';
import type { ReadProgress } from '../../../shared/domain/connection-query.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import { useConsole } from '../../client/store.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { verdictFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import type { TableState } from './connections-model.ts';
import { progressShare, progressWords } from './table-words.ts';
import type { Table } from './use-table.ts';

/** How much of the table is shown, how old it is, and what reads it again. */
export function TableStatus({ table, onCancel }: { table: Table; onCancel: () => void }) {
  const { summary } = table;
  const known = summary?.observedAt !== undefined;
  return (
    <div className="table-status">
      {known && (
        <span role="status" className="count">
          {summary.matched === summary.total
            ? `${formatCount(summary.total)} connections`
            : `${formatCount(summary.matched)} of ${formatCount(summary.total)}`}
        </span>
      )}
      {known && summary.unreadable > 0 && (
        <span className="quiet" title="Lines of the dump without a readable tuple">
          {formatCount(summary.unreadable)} lines not readable
        </span>
      )}
      {summary?.observedAt !== undefined && (
        <span
          className="quiet age"
          title={
            summary.readAt === undefined
              ? undefined
              : 'The last event that was put in; timers and counters, which no event tells, are those of the last dump'
          }
        >
          {summary.readAt === undefined ? (
            <>
              read <Age at={summary.observedAt} />
            </>
          ) : (
            <>
              event <Age at={summary.observedAt} />, timers <Age at={summary.readAt} />
            </>
          )}
        </span>
      )}
      {table.reading && <Progress progress={summary?.progress} />}
      {table.reading ? (
        <Button onClick={onCancel} title="End this dump; the last good table stays">
          Cancel
        </Button>
      ) : (
        <Button onClick={table.read} title="Read the table again (R)">
          <RefreshCw aria-hidden="true" />
          <span className="label">{known ? 'Read again' : 'Read'}</span>
        </Button>
      )}
    </div>
  );
}

/** How far a dump is; without a length to go by, only how much there is. */
function Progress({ progress }: { progress: ReadProgress | undefined }) {
  const now = useConsole((state) => state.now);
  if (!progress) return <span className="quiet">Reading…</span>;
  const share = progressShare(progress);
  const words = progressWords(progress, now);
  return (
    <span className="quiet progress" title={words}>
      {share !== undefined && <progress aria-label="Read so far" value={share} max={1} />}
      <span className={share === undefined ? undefined : 'label'}>{words}</span>
    </span>
  );
}

/** Above rows that are older than they look: the last read failed, or the engine did not answer. */
export function StaleNotice({ table, state }: { table: Table; state: TableState }) {
  const failure = table.summary?.failure;
  if (state.kind === 'failed' || (failure === undefined && table.problem === undefined)) return null;
  return (
    <div className="notice" data-tone="warning" role="alert">
      <StateMark face={verdictFace.warning} />
      <span>
        {table.problem ?? failure?.message}. {failure?.remedy}
        {table.summary?.observedAt !== undefined && (
          <>
            {' '}
            These rows are the last known, read <Age at={table.summary.observedAt} />.
          </>
        )}
      </span>
    </div>
  );
}

interface TableMessageProps {
  readonly table: Table;
  readonly state: Exclude<TableState, { kind: 'rows' }>;
  readonly node: string;
  readonly onClear: () => void;
}

/** In the table's place when it has no rows: why, and what to do. */
export function TableMessage({ table, state, node, onClear }: TableMessageProps) {
  switch (state.kind) {
    case 'asking':
      return <div className="center" />;
    case 'unread':
      return (
        <div className="center">
          <h1>The table of {node} has not been read yet</h1>
          <p>
            It is read when you ask for it: one dump over SSH, a second or so for a hundred thousand
            connections. While it runs it can cost a busy firewall some of its rate of new connections.
          </p>
          <Button kind="primary" onClick={table.read}>
            Read the connections of {node}
          </Button>
        </div>
      );
    case 'reading':
      return (
        <div className="center" role="status">
          <h1>Reading the table of {node}</h1>
          <p>
            <Progress progress={table.summary?.progress} />
          </p>
        </div>
      );
    case 'failed':
      return <Failed failure={state.failure} node={node} read={table.read} />;
    case 'empty':
      return (
        <div className="center">
          <h1>{node} tracks no connection</h1>
          <p>Its table was read and is empty.</p>
        </div>
      );
    case 'no-match':
      return (
        <div className="center">
          <h1>No connection matches</h1>
          <p>{table.summary && formatCount(table.summary.total)} connections were searched.</p>
          <Button onClick={onClear}>Clear the filter</Button>
        </div>
      );
  }
}

const Failed = ({ failure, node, read }: { failure: Failure; node: string; read: () => void }) => (
  <div className="center" role="alert">
    <h1>The table of {node} cannot be read</h1>
    <p>{failure.message}</p>
    {failure.remedy && <p>{failure.remedy}</p>}
    <Button onClick={read}>Try again</Button>
  </div>
);
