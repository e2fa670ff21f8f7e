import type { SyncRemedy } from '../../../shared/domain/sync-remedy.ts';
import { Command } from '../../components/CopyButton.tsx';

/** The commands of a remedy in their order, each with the node to type it on, and what else they do. */
export const RemedySteps = ({ remedy }: { remedy: SyncRemedy }) => (
  <div className="remedy-steps">
    {remedy.steps.length > 0 && (
      <ol>
        {remedy.steps.map(({ node, command, what }) => (
          <li key={`${node} ${command}`}>
            <span className="on-node">
              on <b>{node}</b>
            </span>
            <Command text={command} />
            <span className="quiet">{what}</span>
          </li>
        ))}
      </ol>
    )}
    <p>
      <b>Side effects</b> {remedy.sideEffects}
    </p>
  </div>
);
