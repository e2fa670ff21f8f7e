import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { FilterError } from '../../../shared/domain/connection-query.ts';
import { Button } from '../../components/Button.tsx';
import { isTyping } from '../../components/shortcuts.ts';
import { FilterHelp } from './FilterHelp.tsx';

interface FilterBarProps {
  readonly filter: string;
  readonly error: FilterError | undefined;
  readonly onChange: (filter: string) => void;
}

/** The filter, with where it stops making sense while it is typed. */
export function FilterBar({ filter, error, onChange }: FilterBarProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
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
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (filter === '') event.currentTarget.blur();
          else onChange('');
        }}
      />
      {error && (
        <p className="filter-error" id="filter-error" role="status">
          <span className="caret mono" aria-hidden="true">
            {`${' '.repeat(Math.min(error.position, 80))}^`}
          </span>
          {error.message}
        </p>
      )}
      {filter !== '' && (
        <Button kind="bare" size="icon" aria-label="Clear the filter" onClick={() => onChange('')}>
          <X aria-hidden="true" />
        </Button>
      )}
      <FilterHelp onTry={onChange} />
    </div>
  );
}
