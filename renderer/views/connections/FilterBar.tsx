import './filter-bar.css';
import { X } from 'lucide-react';
import { type KeyboardEvent as KeyPress, useLayoutEffect, useRef, useState } from 'react';
import type { FilterError } from '../../../shared/domain/connection-query.ts';
import type { Completion } from '../../../shared/domain/filter-completion.ts';
import { Button } from '../../components/Button.tsx';
import { useFilterKey } from '../../components/use-filter-key.ts';
import { completionId, FilterCompletion } from './FilterCompletion.tsx';
import { FilterHelp } from './FilterHelp.tsx';
import { offersAt, taken } from './filter-bar-model.ts';

interface FilterBarProps {
  readonly filter: string;
  readonly error: FilterError | undefined;
  /** The cluster's nodes, to be offered after `missing on`. */
  readonly nodes: readonly string[];
  readonly onChange: (filter: string) => void;
}

/** The filter, with where it stops making sense and what may follow while it is typed. */
export function FilterBar({ filter, error, nodes, onChange }: FilterBarProps) {
  const field = useFilterKey();
  // where the cursor was when something was typed; undefined: nothing is offered
  const [cursor, setCursor] = useState<number>();
  const [chosen, setChosen] = useState(-1);
  const place = useRef<number>(undefined);
  const offers = cursor === undefined ? [] : offersAt(filter, cursor, error, nodes);
  const isOpen = offers.length > 0;
  const offerAt = (at: number | undefined) => {
    setCursor(at);
    setChosen(-1);
  };
  const take = (offer: Completion) => {
    const next = taken(filter, offer);
    place.current = next.cursor;
    onChange(next.text);
    offerAt(next.cursor);
  };
  useLayoutEffect(() => {
    if (place.current !== undefined) field.current?.setSelectionRange(place.current, place.current);
    place.current = undefined;
  });
  const onKeyDown = (event: KeyPress<HTMLInputElement>) => {
    const offer = offers[event.key === 'Tab' && !event.shiftKey ? Math.max(chosen, 0) : chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (!isOpen) offerAt(event.currentTarget.selectionStart ?? filter.length);
      else
        setChosen(
          (chosen < 0 && step < 0 ? offers.length - 1 : chosen + step + offers.length) % offers.length,
        );
    } else if ((event.key === 'Tab' || event.key === 'Enter') && offer) {
      take(offer);
    } else if (event.key === 'Escape') {
      offerAt(undefined);
      if (!isOpen && filter === '') event.currentTarget.blur();
      else if (!isOpen) onChange('');
    } else {
      if (event.key === 'Enter') offerAt(undefined);
      return;
    }
    event.preventDefault();
  };
  return (
    <div className="filter-bar" data-tone={error ? 'critical' : filter ? 'ok' : 'neutral'}>
      <input
        ref={field}
        className="input mono"
        aria-label="Filter connections"
        aria-invalid={error !== undefined}
        aria-describedby={error ? 'filter-error' : undefined}
        placeholder="dport == 443 and src in 10.1.0.0/16, or any text  /"
        spellCheck={false}
        autoComplete="off"
        value={filter}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? completionId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && chosen >= 0 ? `${completionId}-${chosen}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          offerAt(event.target.value === '' ? undefined : (event.target.selectionStart ?? undefined));
        }}
        onBlur={() => offerAt(undefined)}
        onKeyDown={onKeyDown}
      />
      <div className="filter-below">
        {error && (
          <p className="filter-error" id="filter-error" role="status">
            <span className="caret mono" aria-hidden="true">
              {`${' '.repeat(Math.min(error.position, 80))}^`}
            </span>
            {error.message}
          </p>
        )}
        {isOpen && <FilterCompletion offers={offers} chosen={chosen} onTake={take} />}
      </div>
      {filter !== '' && (
        <Button kind="bare" size="icon" aria-label="Clear the filter" onClick={() => onChange('')}>
          <X aria-hidden="true" />
        </Button>
      )}
      <FilterHelp onTry={onChange} />
    </div>
  );
}
