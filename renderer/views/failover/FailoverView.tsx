import './failover.css';
import { useCallback, useEffect, useState } from 'react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { FailoverPlan } from '../../../shared/domain/failover-plan.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce, navigate, useConsole } from '../../client/store.ts';
import { useCluster } from '../../client/use-cluster.ts';
import { NoSuchCluster } from '../../components/NoSuchCluster.tsx';
import { ChooseTarget } from './ChooseTarget.tsx';
import { runFace, stageOf } from './failover-model.ts';
import { PlanPage } from './PlanPage.tsx';
import { RunPage } from './RunPage.tsx';

export function FailoverView() {
  const cluster = useCluster();
  const to = useConsole(({ route }) => (route.view === 'failover' ? route.to : undefined));
  if (cluster === undefined) return <NoSuchCluster />;
  return <Failover key={cluster.name} cluster={cluster} to={to} />;
}

function Failover({ cluster, to }: { cluster: ClusterSnapshot; to: string | undefined }) {
  const { plan, problem, planAgain } = usePlan(cluster.name, to);
  const [putAway, setPutAway] = useState<string>();
  const stage = stageOf(cluster.run, plan, putAway);
  useAnnouncedRun(cluster);
  const choose = (target?: string) => {
    setPutAway(cluster.run?.runId);
    navigate({ view: 'failover', cluster: cluster.name, ...(target === undefined ? {} : { to: target }) });
  };
  switch (stage.kind) {
    case 'choose':
      return <ChooseTarget cluster={cluster} problem={problem} onChoose={choose} />;
    case 'plan':
      return (
        <PlanPage
          key={stage.plan.planId}
          cluster={cluster}
          plan={stage.plan}
          onPlanAgain={planAgain}
          onCancel={() => choose()}
        />
      );
    case 'run':
    case 'report':
      return <RunPage cluster={cluster} run={stage.run} finished={stage.kind === 'report'} onPlan={choose} />;
  }
}

/** Asks the engine for a plan whenever there is a target; without one there is none. */
function usePlan(cluster: string, to: string | undefined) {
  const api = useApi();
  const [plan, setPlan] = useState<FailoverPlan>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is a wish for another plan
  useEffect(() => {
    setPlan(undefined);
    setProblem(undefined);
    if (to === undefined) return;
    let left = false;
    api.call('failover.plan', { cluster, to }).then(
      (answer) => {
        if (left) return;
        if (answer.accepted) setPlan(answer.plan);
        else setProblem(answer.reason);
      },
      (cause) => !left && setProblem(problemOf(cause)),
    );
    return () => {
      left = true;
    };
  }, [api, cluster, to, round]);
  return { plan, problem, planAgain: useCallback(() => setRound((count) => count + 1), []) };
}

function useAnnouncedRun({ run }: ClusterSnapshot): void {
  const state = run?.state;
  const summary = run?.summary;
  useEffect(() => {
    if (state !== undefined) announce(`${runFace[state].word}. ${summary}`);
  }, [state, summary]);
}
