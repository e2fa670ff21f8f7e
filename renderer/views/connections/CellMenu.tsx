import { ContextMenu } from '@base-ui/react/context-menu';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { ExportFormat } from '../../../shared/domain/connection-export.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { announce } from '../../client/store.ts';
import type { Column } from './columns.ts';
import { joinFilter } from './join-filter.ts';

interface CellMenuProps {
  readonly connection: Connection | undefined;
  readonly column: Column | undefined;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onOpen: () => void;
  /** How many rows are selected, and what copies and drops them. */
  readonly selected: number;
  readonly onCopy: (format: ExportFormat) => void;
  readonly onDrop: () => void;
}

/** More are not dropped at once. */
const mostDropped = 1_000;

const formats: readonly (readonly [ExportFormat, string, string])[] = [
  ['text', 'text', 'Ctrl C'],
  ['csv', 'CSV', 'Shift C'],
  ['json', 'JSON', 'Shift J'],
  ['command', 'conntrack commands', 'Ctrl Shift C'],
];

const copy = (text: string): void => {
  navigator.clipboard.writeText(text).then(
    () => announce('Copied'),
    () => announce('The clipboard refused'),
  );
};

/** What can be done with the cell under the pointer, or under the cursor by the menu key, and with the selection. */
export const CellMenu = (props: CellMenuProps) => {
  const { connection, column, filter, onFilter, selected } = props;
  const term = connection && column?.filter(connection);
  const rows = selected === 1 ? 'the row' : `${formatCount(selected)} rows`;
  return (
    <>
      {term && (
        <>
          <ContextMenu.Item onClick={() => onFilter(term)}>
            Apply as filter: <code className="cut">{term}</code>
          </ContextMenu.Item>
          {filter !== '' && (
            <ContextMenu.Item onClick={() => onFilter(joinFilter(filter, term, false))}>
              Add to the filter: <code className="cut">and {term}</code>
            </ContextMenu.Item>
          )}
          <ContextMenu.Item onClick={() => onFilter(joinFilter(filter, term, true))}>
            Leave out: <code className="cut">not {term}</code>
          </ContextMenu.Item>
          <ContextMenu.Separator />
        </>
      )}
      <ContextMenu.Item onClick={props.onOpen}>Open the details</ContextMenu.Item>
      <ContextMenu.Separator />
      {connection && column && (
        <ContextMenu.Item onClick={() => copy(column.text(connection))}>Copy the value</ContextMenu.Item>
      )}
      {formats.map(([format, name, keys]) => (
        <ContextMenu.Item key={format} onClick={() => props.onCopy(format)}>
          Copy {rows} as {name}
          <span className="key" aria-hidden="true">
            {keys}
          </span>
        </ContextMenu.Item>
      ))}
      {connection && (
        <>
          <ContextMenu.Separator />
          <ContextMenu.Item disabled={selected > mostDropped} onClick={props.onDrop}>
            {dropWords(selected)}
          </ContextMenu.Item>
        </>
      )}
    </>
  );
};

const dropWords = (selected: number): string => {
  if (selected > mostDropped) return `Drop: at most ${formatCount(mostDropped)} at once`;
  return selected === 1 ? 'Drop this connection…' : `Drop ${selected} connections…`;
};
