import { useId } from 'react';
import { Environment } from '../../../shared/domain/cluster.ts';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly onChange: (value: string) => void;
}

/** A labelled text, with what is wrong with it right under it. */
export function Field({ label, value, problem, placeholder, mono, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={mono ? 'input mono' : 'input'}
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem && (
        <p id={`${id}-problem`} className="problem small">
          {problem}
        </p>
      )}
    </div>
  );
}

interface EnvironmentsProps {
  readonly value: Environment | '';
  readonly onChange: (value: Environment | '') => void;
}

/** The environment colours the title bar; on production, acting takes one step more. */
export function Environments({ value, onChange }: EnvironmentsProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Environment</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={({ target }) => onChange(Environment.options.find((each) => each === target.value) ?? '')}
      >
        <option value="">not marked</option>
        {Environment.options.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </div>
  );
}
