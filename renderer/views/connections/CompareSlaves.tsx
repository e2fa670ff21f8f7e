import { useState } from 'react';
import { formatAge } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { routeToHash } from '../../client/route.ts';
import { announce, useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';

interface CompareSlavesProps {
  readonly cluster: string;
  readonly master: string;
  /** When what stands in the table was compared; undefined: nothing was. */
  readonly comparedAt: number | undefined;
  readonly onCompared: () => void;
}

/** Below a master's table: how old what it says of its slaves is, and what compares them again. */
export function CompareSlaves({ cluster, master, comparedAt, onCompared }: CompareSlavesProps) {
  const api = useApi();
  const age = useConsole(({ now }) => (comparedAt === undefined ? undefined : formatAge(now - comparedAt)));
  const [comparing, setComparing] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const compare = async () => {
    setComparing(true);
    setRefusal(undefined);
    try {
      const answer = await api.call('coverage.compare', { cluster });
      announce(answer.accepted ? 'The slaves were compared' : answer.reason);
      if (!answer.accepted) setRefusal(answer.reason);
      onCompared();
    } catch (cause) {
      setRefusal(problemOf(cause));
    } finally {
      setComparing(false);
    }
  };
  return (
    <span className="compare-slaves">
      {refusal === undefined ? (
        age !== undefined && (
          <a
            className="link cut"
            href={routeToHash({ view: 'coverage', cluster })}
            title="What the slaves lack of these connections, hold in another state, or have alone"
          >
            slaves compared {age}
          </a>
        )
      ) : (
        <span className="foot-warning cut" title={refusal}>
          {refusal}
        </span>
      )}
      <Button
        size="small"
        disabled={comparing}
        onClick={compare}
        title={`Reads the table of ${master} twice and the cache of each slave once, a few seconds; then each connection says what each slave has of it`}
      >
        {comparing ? 'Comparing…' : age === undefined ? 'Compare the slaves' : 'Compare again'}
      </Button>
    </span>
  );
}
