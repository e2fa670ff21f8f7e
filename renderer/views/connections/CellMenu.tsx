import { ContextMenu } from '@base-ui/react/context-menu';
import type { Connection } from '../../../shared/domain/connection.ts';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
import { announce } from '../../client/store.ts';
import { type Column, joinFilter } from './columns.ts';

interface CellMenuProps {
  readonly connection: Connection | undefined;
  readonly column: Column | undefined;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onOpen: () => void;
  /** How many rows are selected, and what drops them. */
  readonly selected: number;
  readonly onDrop: () => void;
}

const copy = (text: string): void => {
  navigator.clipboard.writeText(text).then(
    () => announce('Copied'),
    () => announce('The clipboard refused'),
  );
};

/** What can be done with the cell under the pointer, or under the cursor by the menu key. */
export const CellMenu = ({
  connection,
  column,
  filter,
  onFilter,
  onOpen,
  selected,
  onDrop,
}: CellMenuProps) => {
  const term = connection && column?.filter(connection);
  return (
    <ContextMenu.Portal>
      <ContextMenu.Positioner>
        <ContextMenu.Popup className="popup menu" aria-label="Cell">
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
          {connection && column && (
            <ContextMenu.Item onClick={() => copy(column.text(connection))}>Copy the value</ContextMenu.Item>
          )}
          {connection && (
            <ContextMenu.Item onClick={() => copy(connectionLine(connection))}>Copy the row</ContextMenu.Item>
          )}
          <ContextMenu.Item onClick={onOpen}>Open the details</ContextMenu.Item>
          {connection && (
            <>
              <ContextMenu.Separator />
              <ContextMenu.Item onClick={onDrop}>
                {selected === 1 ? 'Drop this connection…' : `Drop ${selected} connections…`}
              </ContextMenu.Item>
            </>
          )}
        </ContextMenu.Popup>
      </ContextMenu.Positioner>
    </ContextMenu.Portal>
  );
};
