import { useCallback, useEffect, useMemo, useState } from 'react';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { type Arrangement, defaultArrangement, keptText, readArrangement } from './arrangement.ts';

const key = 'columns';

export interface ArrangementStore {
  readonly arrangement: Arrangement;
  /** Shows it without keeping it: a width that is still being dragged. */
  readonly preview: (next: Arrangement) => void;
  readonly keep: (next: Arrangement) => void;
}

/** The columns as the operator arranged them, in all tables of connections. */
export function useArrangement(): ArrangementStore {
  const api = useApi();
  const [arrangement, setArrangement] = useState(defaultArrangement);
  useEffect(() => {
    let current = true;
    api.call('preferences.read', { key }).then(
      ({ value }) => current && setArrangement(readArrangement(value)),
      (cause) => announce(problemOf(cause)),
    );
    return () => {
      current = false;
    };
  }, [api]);
  const keep = useCallback(
    (next: Arrangement) => {
      setArrangement(next);
      api.call('preferences.write', { key, value: keptText(next) }).then(
        (answer) => answer.accepted || announce(answer.reason),
        (cause) => announce(problemOf(cause)),
      );
    },
    [api],
  );
  return useMemo(() => ({ arrangement, preview: setArrangement, keep }), [arrangement, keep]);
}
