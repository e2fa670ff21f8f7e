import { expect, it } from 'vitest';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { serviceOf } from '../../../shared/domain/connection-service.ts';
import { services } from '../../../shared/domain/filter-words.ts';
import { connectionAt } from '../../e2e/console-page/made-up-table.ts';

it('names a service by protocol and port, and where it does the filter of that name finds the connection', () => {
  for (const [name, { protocols, ports }] of Object.entries(services))
    for (const protocol of protocols)
      for (const dport of ports) {
        const { original, ...rest } = connectionAt(0);
        const connection = { ...rest, protocol, original: { ...original, dport } };
        expect(serviceOf(connection)).toBe(name);
        const filter = parseConnectionFilter(name);
        expect(filter.ok && filter.value(connection), name).toBe(true);
      }
});

it('names none where there is no port, where nothing is known of it, and of another protocol', () => {
  const { original, ...rest } = connectionAt(0);
  expect(serviceOf({ ...rest, original: { src: '10.1.0.1', dst: '10.1.0.2' } })).toBeUndefined();
  expect(serviceOf({ ...rest, original: { ...original, dport: 40_001 } })).toBeUndefined();
  expect(serviceOf({ ...rest, protocol: 'sctp', original })).toBeUndefined();
});
