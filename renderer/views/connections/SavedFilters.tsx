import { Popover } from '@base-ui/react/popover';
import { Bookmark, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { announce } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { type KeptFilters, withoutSaved, withSaved } from './saved-filters-model.ts';
import { useSavedFilters } from './use-saved-filters.ts';

interface SavedFiltersProps {
  readonly cluster: string;
  /** The filter in force, which makes sense. */
  readonly filter: string;
  readonly onApply: (filter: string) => void;
}

/** The cluster's filters by name, and those that were used last. */
export function SavedFilters({ cluster, filter, onApply }: SavedFiltersProps) {
  const { kept, keep } = useSavedFilters(cluster, filter);
  return (
    <Popover.Root>
      <Popover.Trigger
        className="button"
        data-size="icon"
        aria-label="Saved filters"
        title="Saved filters and the last ones"
      >
        <Bookmark aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end">
          <Popover.Popup className="popup saved-filters">
            <Popover.Title>Filters of {cluster}</Popover.Title>
            {filter.trim() !== '' && <SaveForm kept={kept} filter={filter} keep={keep} />}
            {kept.saved.length === 0 && kept.history.length === 0 && (
              <p className="quiet">None yet: type one, and save it under a name here.</p>
            )}
            {kept.saved.length > 0 && <h3>Saved</h3>}
            <ul>
              {kept.saved.map((each) => (
                <li key={each.name}>
                  <Popover.Close className="button" data-kind="bare" onClick={() => onApply(each.filter)}>
                    <strong>{each.name}</strong> <code className="cut">{each.filter}</code>
                  </Popover.Close>
                  <Button
                    kind="bare"
                    size="icon"
                    aria-label={`Delete ${each.name}`}
                    onClick={() => keep(withoutSaved(kept, each.name))}
                  >
                    <Trash2 aria-hidden="true" />
                  </Button>
                </li>
              ))}
            </ul>
            {kept.history.length > 0 && <h3>Used last</h3>}
            <ul>
              {kept.history.map((each) => (
                <li key={each}>
                  <Popover.Close className="button" data-kind="bare" onClick={() => onApply(each)}>
                    <code className="cut">{each}</code>
                  </Popover.Close>
                </li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface SaveFormProps {
  readonly kept: KeptFilters;
  readonly filter: string;
  readonly keep: (next: KeptFilters) => void;
}

function SaveForm({ kept, filter, keep }: SaveFormProps) {
  const [name, setName] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    keep(withSaved(kept, name.trim(), filter));
    announce(`Saved as ${name.trim()}`);
    setName('');
  };
  return (
    <form onSubmit={onSubmit}>
      <input
        className="input"
        aria-label="Name of this filter"
        placeholder="A name for this filter"
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" disabled={name.trim() === ''}>
        Save
      </Button>
    </form>
  );
}
