import { GitCompareArrows } from 'lucide-react';
import type { Connection } from '../../../shared/domain/connection.ts';
import { endText, protocolText } from '../../../shared/domain/connection-words.ts';
import type { CoverageRefusal } from '../../../shared/domain/coverage.ts';
import { formatClock } from '../../../shared/domain/format.ts';
import { useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { verdictFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import type { Comparison } from './use-comparison.ts';

type Compared = Pick<
  Comparison<{ readonly refusal?: CoverageRefusal | undefined }>,
  'view' | 'problem' | 'compare'
>;

export const CompareAgain = ({ comparison }: { comparison: Compared }) => {
  const retryAt = useRetryAt(comparison);
  return (
    <Button onClick={comparison.compare} disabled={retryAt !== undefined}>
      <GitCompareArrows aria-hidden="true" />
      {retryAt === undefined ? 'Compare again' : `Again at ${formatClock(retryAt)}`}
    </Button>
  );
};

/** When (ms) it is no longer too soon, as long as that lies ahead. */
function useRetryAt({ view }: Compared): number | undefined {
  const retryAt = view?.refusal?.retryAt;
  const ahead = useConsole(({ now }) => retryAt !== undefined && retryAt > now);
  return ahead ? retryAt : undefined;
}

/** What keeps the report from being all of the truth, or new. */
export function Notices({ comparison, more }: { comparison: Compared; more: readonly string[] }) {
  const { refusal } = comparison.view ?? {};
  const notices = [
    ...(comparison.problem ? [comparison.problem] : []),
    ...(refusal ? [`This is the last comparison; there was no new one. ${refusal.reason}`] : []),
    ...more,
  ];
  return notices.map((text) => (
    <div key={text} className="notice" data-tone="warning" role="status">
      <StateMark face={verdictFace.warning} />
      <span>{text}</span>
    </div>
  ));
}

/** What is told of a connection in every list of a comparison, with what the comparison has to say of it. */
export const ConnectionHeads = ({ note }: { note: string }) => (
  <>
    <th scope="col">Protocol</th>
    <th scope="col">State</th>
    <th scope="col">Source</th>
    <th scope="col">Destination</th>
    <th scope="col">{note}</th>
  </>
);

/** A row's cells below {@link ConnectionHeads}. */
export const ConnectionCells = ({
  connection,
  note,
}: {
  connection: Connection;
  note: string | undefined;
}) => {
  const { state, original } = connection;
  return (
    <>
      <td>{protocolText(connection)}</td>
      <td>{state}</td>
      <td className="mono">{endText(original.src, original.sport)}</td>
      <td className="mono">{endText(original.dst, original.dport)}</td>
      <td className="quiet evidence" title={note}>
        {note}
      </td>
    </>
  );
};
