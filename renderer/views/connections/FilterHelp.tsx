import { Popover } from '@base-ui/react/popover';
import { CircleHelp } from 'lucide-react';
import { filterExamples, filterReference } from '../../../shared/domain/filter-reference.ts';

interface FilterHelpProps {
  readonly onTry: (filter: string) => void;
}

/** Everything that the filter understands; an example is tried by a click. */
export const FilterHelp = ({ onTry }: FilterHelpProps) => (
  <Popover.Root>
    <Popover.Trigger className="button" data-kind="bare" data-size="icon" aria-label="Words of the filter">
      <CircleHelp aria-hidden="true" />
    </Popover.Trigger>
    <Popover.Portal>
      <Popover.Positioner sideOffset={4} align="end">
        <Popover.Popup className="popup filter-help">
          <Popover.Title>Filter</Popover.Title>
          <p className="quiet">A word that is none of these is found anywhere in the row.</p>
          <ul className="filter-examples">
            {filterExamples.map(([filter, finds]) => (
              <li key={filter}>
                <Popover.Close className="button" data-kind="bare" onClick={() => onTry(filter)}>
                  <code>{filter}</code>
                </Popover.Close>
                <span className="quiet">{finds}</span>
              </li>
            ))}
          </ul>
          {filterReference.map(({ title, rows }) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>
                {rows.map(([words, help]) => (
                  <div key={words}>
                    <dt>
                      <code>{words}</code>
                    </dt>
                    <dd>{help}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </Popover.Popup>
      </Popover.Positioner>
    </Popover.Portal>
  </Popover.Root>
);
