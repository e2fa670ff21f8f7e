import { useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { type FailoverPlan, refusals } from '../../../shared/domain/failover-plan.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Topology } from '../cluster/Topology.tsx';
import { AtStake } from './AtStake.tsx';
import { ConfirmBar } from './ConfirmBar.tsx';
import { verbOf } from './failover-model.ts';
import { GuardList } from './GuardList.tsx';
import { StepList } from './StepList.tsx';

interface PlanPageProps {
  readonly cluster: ClusterSnapshot;
  readonly plan: FailoverPlan;
  readonly onPlanAgain: () => void;
  readonly onCancel: () => void;
}

/** Left, what would be sent; right, what speaks for and against; below, what turns it into a run. */
export function PlanPage({ cluster, plan, onPlanAgain, onCancel }: PlanPageProps) {
  const api = useApi();
  const [accepted, setAccepted] = useState<readonly string[]>([]);
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string>();
  const refused = refusals(plan.guards).length > 0;
  const toggle = (code: string) =>
    setAccepted((codes) => (codes.includes(code) ? codes.filter((each) => each !== code) : [...codes, code]));
  const execute = async (confirmation: string) => {
    setSent(true);
    setProblem(undefined);
    try {
      const answer = await api.call('failover.execute', {
        planId: plan.planId,
        confirmation,
        accept: [...accepted],
      });
      if (answer.accepted) return;
      setProblem(answer.reason);
    } catch (cause) {
      setProblem(problemOf(cause));
    }
    setSent(false);
  };
  return (
    <div className="failover">
      <header className="failover-head">
        <h1>
          {verbOf(plan)}
          {plan.from && <span className="quiet"> from {plan.from}</span>}
        </h1>
        <div className="row-of">
          <Button onClick={onPlanAgain}>Plan again</Button>
          <Button onClick={onCancel}>Choose another node</Button>
        </div>
      </header>
      <div className="columns">
        <section aria-labelledby="steps-title">
          <h2 className="section-title" id="steps-title">
            What will be done
          </h2>
          {plan.steps.length > 0 ? (
            <StepList steps={plan.steps} now={plan.createdAt} />
          ) : (
            <p className="quiet">Nothing: there is no lever that would move the role.</p>
          )}
          <h2 className="section-title now-title">The cluster now</h2>
          <p>{cluster.sentence}</p>
          <Topology cluster={cluster} />
        </section>
        <section aria-labelledby="guards-title">
          <h2 className="section-title" id="guards-title">
            What speaks for and against it
          </h2>
          <GuardList guards={plan.guards} accepted={accepted} onToggle={toggle} />
          {cluster.master !== null && cluster.master !== plan.to && (
            <>
              <h2 className="section-title now-title">What it would cost now</h2>
              <AtStake cluster={cluster} target={plan.to} />
            </>
          )}
          {plan.snippet && <Snippet text={plan.snippet} />}
        </section>
      </div>
      {!refused && (
        <ConfirmBar
          plan={plan}
          production={cluster.environment === 'production'}
          accepted={accepted}
          sent={sent}
          problem={problem}
          onExecute={execute}
          onPlanAgain={onPlanAgain}
        />
      )}
    </div>
  );
}

const Snippet = ({ text }: { text: string }) => (
  <div className="snippet-box">
    <div className="section-title">
      What would make it work: paste this into keepalived.conf on every node, and reload
      <CopyButton text={text} label="Copy the configuration" />
    </div>
    <pre className="snippet">{text}</pre>
  </div>
);
