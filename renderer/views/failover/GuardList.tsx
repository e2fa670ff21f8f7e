import type { Guard } from '../../../shared/domain/failover-plan.ts';
import { Age } from '../../components/Age.tsx';
import { guardFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { guardsInOrder } from './failover-model.ts';

interface GuardListProps {
  readonly guards: readonly Guard[];
  readonly accepted?: readonly string[];
  /** Absent: the guards are shown as they were, nothing is to be decided any more. */
  readonly onToggle?: (code: string) => void;
}

/** Each condition with its result, its evidence and its age; a warning has a tick that accepts it. */
export const GuardList = ({ guards, accepted = [], onToggle }: GuardListProps) => (
  <ul className="guards">
    {guardsInOrder(guards).map((guard) => {
      const face = guardFace[guard.result];
      return (
        <li key={`${guard.code} ${guard.message}`} data-tone={face.tone} data-result={guard.result}>
          <StateMark face={face} size={14} />
          <div>
            <p>
              <span className="visually-hidden">{face.word}: </span>
              {guard.message}
            </p>
            <p className="small quiet">
              <code>{guard.code}</code> · read <Age at={guard.observedAt} />
            </p>
            {guard.result === 'warn' && onToggle && (
              <label className="accept">
                <input
                  type="checkbox"
                  className="check"
                  checked={accepted.includes(guard.code)}
                  onChange={() => onToggle(guard.code)}
                />
                I accept this
              </label>
            )}
          </div>
        </li>
      );
    })}
  </ul>
);
