import { Popover } from '@base-ui/react/popover';
import { Columns3 } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { defaultArrangement, toggled } from './arrangement.ts';
import { columns as all, columnName } from './columns.ts';
import type { ArrangementStore } from './use-arrangement.ts';

/** Which columns are on the screen. */
export const ColumnsMenu = ({ columns: { arrangement, keep } }: { columns: ArrangementStore }) => (
  <Popover.Root>
    <Popover.Trigger className="button" data-size="icon" aria-label="Columns" title="Choose the columns">
      <Columns3 aria-hidden="true" />
    </Popover.Trigger>
    <Popover.Portal>
      <Popover.Positioner sideOffset={4} align="end">
        <Popover.Popup className="popup columns-menu">
          <Popover.Title>Columns</Popover.Title>
          <ul>
            {all.map((column) => (
              <li key={column.id}>
                <label>
                  <input
                    type="checkbox"
                    className="check"
                    checked={arrangement.some(({ id }) => id === column.id)}
                    onChange={() => keep(toggled(arrangement, column.id))}
                  />
                  {columnName(column)}
                </label>
              </li>
            ))}
          </ul>
          <p className="quiet">Drag a head to move its column, its right edge to size it.</p>
          <Button onClick={() => keep(defaultArrangement)}>Reset the columns</Button>
        </Popover.Popup>
      </Popover.Positioner>
    </Popover.Portal>
  </Popover.Root>
);
