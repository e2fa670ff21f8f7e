import { useEffect, useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import { formatDuration, formatInstant } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';
import { StateMark } from '../../components/StateMark.tsx';
import { Topology } from '../cluster/Topology.tsx';
import { HeldDown } from './ChooseTarget.tsx';
import { differences, runFace, verbOf } from './failover-model.ts';
import { GuardList } from './GuardList.tsx';
import { StepList } from './StepList.tsx';

interface RunPageProps {
  readonly cluster: ClusterSnapshot;
  readonly run: FailoverRun;
  readonly finished: boolean;
  /** Another plan: to this node, or to one that is chosen next. */
  readonly onPlan: (target?: string) => void;
}

/** The run as it goes, its addresses moving; and when it has ended, the report of it. */
export function RunPage({ cluster, run, finished, onPlan }: RunPageProps) {
  const now = useFineClock(!finished);
  const face = runFace[run.state];
  return (
    <div className="failover">
      <header className="failover-head run-head" data-tone={face.tone}>
        <StateMark face={face} size={20} />
        <div>
          <h1>
            {verbOf(run)}: {face.word}
          </h1>
          <p>{run.summary}</p>
          <p className="small quiet">
            Started {formatInstant(run.startedAt)}
            {run.endedAt !== undefined && `, took ${formatDuration(run.endedAt - run.startedAt)}`}
          </p>
        </div>
        {!finished && <Abort cluster={cluster.name} run={run} />}
        {finished && <Button onClick={() => onPlan()}>Make another plan</Button>}
      </header>
      <div className="columns">
        <section aria-labelledby="steps-title">
          <h2 className="section-title" id="steps-title">
            {finished ? 'What was done' : 'What is being done'}
          </h2>
          <StepList steps={run.steps} now={now} live />
        </section>
        <section aria-label="The cluster now">
          {finished && <Outcome cluster={cluster} run={run} onPlan={onPlan} />}
          <h2 className="section-title">The cluster now</h2>
          <Topology cluster={cluster} />
          <details open={run.state === 'refused'}>
            <summary>Guards, as they were</summary>
            <GuardList guards={run.guards} />
          </details>
        </section>
      </div>
    </div>
  );
}

function Abort({ cluster, run }: { cluster: string; run: FailoverRun }) {
  const api = useApi();
  const [problem, setProblem] = useState<string>();
  if (run.onAbort === undefined) return null;
  const abort = () =>
    api.call('failover.abort', { cluster }).then(
      (answer) => setProblem(answer.accepted ? undefined : answer.reason),
      (cause) => setProblem(problemOf(cause)),
    );
  return (
    <div className="abort">
      <Button kind="danger" onClick={abort} aria-describedby="abort-effect">
        Abort
      </Button>
      <p className="small" id="abort-effect">
        {problem ?? run.onAbort}
      </p>
    </div>
  );
}

/** What differs from the plan, and the way back. */
const Outcome = ({ cluster, run, onPlan }: Omit<RunPageProps, 'finished'>) => {
  const different = differences(run);
  const held = cluster.nodes.filter((node) => node.heldDownSince !== undefined);
  return (
    <>
      <h2 className="section-title">What differs from the plan</h2>
      {different.length === 0 && <p className="quiet">Nothing.</p>}
      <ul className="differences">
        {different.map((step) => (
          <li key={step.id}>
            {step.title}: {step.detail ?? step.outcome}
          </li>
        ))}
      </ul>
      {held.map((node) => (
        <p key={node.name} className="notice" data-tone="warning">
          <span>
            {node.name} is <HeldDown since={node.heldDownSince ?? 0} />: it does not take over before it is
            released.
          </span>
          <span className="actions">
            <Button size="small" onClick={() => onPlan(node.name)}>
              Fail back to {node.name}
            </Button>
          </span>
        </p>
      ))}
    </>
  );
};

/** While a run goes its clocks show tenths; afterwards nothing ticks. */
function useFineClock(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
