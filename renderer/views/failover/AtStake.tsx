import '../coverage/coverage.css';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatAge } from '../../../shared/domain/format.ts';
import { navigate, useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { progressOf } from '../coverage/coverage-model.ts';
import { MissingSummary } from '../coverage/MissingSummary.tsx';
import { useCoverage } from '../coverage/use-coverage.ts';
import { countedRisk, namedLoss } from './at-stake.ts';

/** What a failover would lose: by count, which is always known by and by, and by name once the tables were compared. */
export function AtStake({ cluster, target }: { cluster: ClusterSnapshot; target: string }) {
  const { view, problem, comparing, compare, cancel } = useCoverage({
    cluster: cluster.name,
    filter: '',
    limit: 0,
  });
  const now = useConsole((state) => state.now);
  const report = view?.report?.master === cluster.master ? view?.report : undefined;
  const slave = report?.slaves.find(({ node }) => node === target);
  const refusal = problem ?? view?.refusal?.reason;
  return (
    <div className="at-stake">
      {slave && report ? (
        <>
          <p>
            <b>{namedLoss(slave)}</b>{' '}
            <span className="quiet">Compared {formatAge(now - report.observedAt)}.</span>
          </p>
          {slave.missing > 0 && <MissingSummary missingBy={slave.missingBy} />}
        </>
      ) : (
        <p>{countedRisk(cluster, target)}</p>
      )}
      {refusal !== undefined && !comparing && (
        <p className="notice" data-tone="warning" role="alert">
          {refusal}
        </p>
      )}
      <div className="row-of">
        {comparing ? (
          <>
            <span className="quiet" role="status">
              {view?.progress && progressOf(view.progress).text}
            </span>
            <Button size="small" onClick={cancel}>
              Cancel
            </Button>
          </>
        ) : (
          <Button size="small" onClick={compare}>
            {slave ? 'Compare again' : 'Name what would be lost'}
          </Button>
        )}
        {slave && (
          <Button size="small" onClick={() => navigate({ view: 'coverage', cluster: cluster.name })}>
            List them
          </Button>
        )}
      </div>
    </div>
  );
}
