import { expect, test } from 'vitest';
import { parseAddresses } from '../../../main/agents/network/index.ts';

test('addresses are read with their interface and its carrier', () => {
  const printed = `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},
    {"ifindex":2,"ifname":"ifb0","flags":["BROADCAST","NOARP"],"operstate":"DOWN","addr_info":[]},{},
    {"ifindex":4,"ifname":"lan0","flags":["NO-CARRIER","BROADCAST","UP"],"addr_info":[{"family":"inet","local":"10.77.1.1","prefixlen":24,"secondary":true},{"family":"inet6","local":"fd00::2","prefixlen":64},{}]}]`;
  expect(parseAddresses(printed)).toEqual({
    ok: true,
    value: [
      { device: 'lo', address: '127.0.0.1', prefixLength: 8, carrier: true },
      { device: 'lan0', address: '10.77.1.1', prefixLength: 24, carrier: false },
      { device: 'lan0', address: 'fd00::2', prefixLength: 64, carrier: false },
    ],
  });
});

test('what is not the list of interfaces is an error', () => {
  for (const text of ['', '[{"ifname":', '{"ifname":"lo"}', '[1]'])
    expect(parseAddresses(text).ok).toBe(false);
});
