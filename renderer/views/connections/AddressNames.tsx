import { useState } from 'react';
import type { AddressName } from '../../../shared/domain/address-name.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';
import { addressesOf } from './detail-model.ts';

/** The names of a connection's addresses, which are asked for only here and only on request. */
export function AddressNames({ connection }: { connection: Connection }) {
  const api = useApi();
  const [names, setNames] = useState<readonly AddressName[]>();
  const [problem, setProblem] = useState<string>();
  const look = () =>
    api.call('addresses.names', { addresses: addressesOf(connection) }).then(
      (answer) => setNames(answer.names),
      (cause) => setProblem(problemOf(cause)),
    );
  return (
    <section>
      <h3>Names</h3>
      {names ? (
        <dl>
          {names.map(({ address, name, problem: untold }) => (
            <div key={address}>
              <dt>{address}</dt>
              <dd>{name ?? untold ?? 'no name'}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <>
          <p className="quiet">
            {problem ?? 'Your resolver, and whoever it asks, will see which addresses you look at.'}
          </p>
          <Button size="small" onClick={look}>
            Look up the names
          </Button>
        </>
      )}
    </section>
  );
}
