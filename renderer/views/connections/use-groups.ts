import { useEffect, useState } from 'react';
import type { GroupQuery, Groups } from '../../../shared/domain/connection-groups.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';

export interface AskedGroups {
  readonly groups: Groups | undefined;
  readonly problem: string | undefined;
}

/** The groups of a node's table, asked for again with each `revision`; the last answer stays until the next one is there. */
export function useGroups(query: GroupQuery, revision: number): AskedGroups {
  const api = useApi();
  const [answer, setAnswer] = useState<AskedGroups>({ groups: undefined, problem: undefined });
  const key = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision holds other connections
  useEffect(() => {
    let current = true;
    api.call('connections.groups', JSON.parse(key) as GroupQuery).then(
      (groups) => current && setAnswer({ groups, problem: undefined }),
      (cause) => current && setAnswer((known) => ({ ...known, problem: problemOf(cause) })),
    );
    return () => {
      current = false;
    };
  }, [api, key, revision]);
  return answer;
}
