import { Menu } from '@base-ui/react/menu';
import { Pause, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ConnectionPage } from '../../../shared/domain/connection-query.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { FollowDialog } from './FollowDialog.tsx';
import { changeWords, readerEvidence, readerWords, refreshWords } from './table-words.ts';

interface TableFootProps {
  readonly page: ConnectionPage;
  readonly cluster: string;
  readonly node: string;
  /** How many rows are chosen. */
  readonly selected: number;
  readonly onFilter: (filter: string) => void;
  /** What stands before the choice of how it is kept fresh. */
  readonly children?: ReactNode;
}

type Mode = 'off' | 'paced' | 'following';

/** Below the rows: how they were read, how they are kept fresh and what that costs, and what moved. */
export function TableFoot({ page, cluster, node, selected, onFilter, children }: TableFootProps) {
  const api = useApi();
  const [asksToFollow, setAsksToFollow] = useState(false);
  const { reader, refresh, cappedAt } = page;
  const mode = refresh?.mode ?? 'off';
  const choose = (wanted: Mode) =>
    api.call('connections.refresh', { cluster, node, mode: wanted }).then(
      (answer) => announce(answer.accepted ? `${node}: ${modeWords[wanted]}` : answer.reason),
      (cause) => announce(problemOf(cause)),
    );
  const changes = refresh && changeWords(refresh);
  return (
    <footer className="table-foot">
      {cappedAt !== undefined && (
        <span className="foot-warning">Ended at {formatCount(cappedAt)}: the table holds more</span>
      )}
      {reader && (
        <span className="cut" title={readerEvidence(reader)}>
          {readerWords(reader)}
        </span>
      )}
      {changes && (
        <span className="changes">
          {changes.parts.map(({ text, filter }, index) => (
            <span key={text}>
              {index > 0 && ', '}
              {filter === undefined ? (
                text
              ) : (
                <button
                  type="button"
                  className="link"
                  title={`Filter: ${filter}`}
                  onClick={() => onFilter(filter)}
                >
                  {text}
                </button>
              )}
            </span>
          ))}{' '}
          since {changes.since}
        </span>
      )}
      {refresh?.overruns !== undefined && refresh.overruns > 0 && (
        <span
          className="foot-warning"
          title="The kernel told more than could be taken; the table was read again"
        >
          events lost {formatCount(refresh.overruns)} times
        </span>
      )}
      {selected > 1 && (
        <strong title={mode === 'off' ? undefined : 'The rows stand still as long as several are selected'}>
          {formatCount(selected)} selected{mode !== 'off' && ', rows held'}
        </strong>
      )}
      <span className="grow" />
      {children}
      <Menu.Root>
        <Menu.Trigger className="button" data-size="small">
          {mode === 'off' ? <Pause aria-hidden="true" /> : <Play aria-hidden="true" />}
          {refresh ? refreshWords(refresh, node) : modeWords.off}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end">
            <Menu.Popup className="popup menu">
              <Menu.RadioGroup
                value={mode}
                onValueChange={(wanted: Mode) =>
                  wanted === 'following' ? setAsksToFollow(true) : choose(wanted)
                }
              >
                {(['off', 'paced', 'following'] as const).map((each) => (
                  <Menu.RadioItem key={each} value={each} closeOnClick>
                    <Menu.RadioItemIndicator>✓ </Menu.RadioItemIndicator>
                    {modeWords[each]}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asksToFollow && (
        <FollowDialog
          node={node}
          onClose={() => setAsksToFollow(false)}
          onFollow={() => {
            setAsksToFollow(false);
            choose('following');
          }}
        />
      )}
    </footer>
  );
}

const modeWords: Readonly<Record<Mode, string>> = {
  off: 'Read when asked',
  paced: 'Read again at a pace that spares the node',
  following: 'Follow the kernel’s events…',
};
