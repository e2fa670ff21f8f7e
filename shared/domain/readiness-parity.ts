import { readingValue } from '../lib/reading.ts';
import { list } from './cluster-health.ts';
import type { KernelSettings, Route } from './node-facts.ts';
import type { Gate } from './readiness.ts';
import { gate, type ReadinessEvidence, unread } from './readiness-evidence.ts';

/** The master's rules, kernel settings and helpers, and this node's. */
export function sameRules({ node, master }: ReadinessEvidence): Gate {
  const code = 'same-rules';
  const [mine, theirs] = [node.readings, master?.readings];
  const differences = [
    ...(mine.rules?.ok && theirs?.rules?.ok && mine.rules.value.hash !== theirs.rules.value.hash
      ? [`its rules differ (${mine.rules.value.lines} lines, there ${theirs.rules.value.lines})`]
      : []),
    ...(mine.settings?.ok && theirs?.settings?.ok
      ? settingsApart(mine.settings.value, theirs.settings.value)
      : []),
    ...(mine.helpers?.ok && theirs?.helpers?.ok
      ? missing(theirs.helpers.value, mine.helpers.value).map((helper) => `${helper} is not loaded`)
      : []),
  ];
  if (differences.length > 0) {
    return gate(
      code,
      'fail',
      `unlike ${master?.name}: ${differences.join('; ')}`,
      mine.rules ?? mine.settings,
    );
  }
  for (const [what, reading] of [
    ['the firewall rules', mine.rules],
    ['the kernel settings', mine.settings],
    ['the loaded helpers', mine.helpers],
    ["the master's firewall rules", theirs?.rules],
    ["the master's kernel settings", theirs?.settings],
    ["the master's loaded helpers", theirs?.helpers],
  ] as const) {
    if (!reading?.ok) return unread(code, what, reading);
  }
  const count = Object.keys(readingValue(mine.settings) ?? {}).length;
  const lines = readingValue(mine.rules)?.lines ?? 0;
  return gate(
    code,
    'pass',
    `the same ${lines} lines of rules and ${count} kernel settings as ${master?.name}, no helper missing`,
    mine.rules,
  );
}

const settingsApart = (mine: KernelSettings, theirs: KernelSettings): string[] =>
  [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    .filter((name) => mine[name] !== theirs[name])
    .map((name) => `${name} is ${mine[name] ?? 'absent'}, there ${theirs[name] ?? 'absent'}`);

const missing = (wanted: readonly string[], have: readonly string[]): string[] =>
  wanted.filter((each) => !have.includes(each));

/** Carrier on the links that the takeover engine uses, the master's routes, and gateways that are known to answer. */
export function dataPlane({ node, master }: ReadinessEvidence): Gate {
  const code = 'data-plane';
  const { addresses, takeover, hooks, routes, neighbours } = node.readings;
  if (!addresses?.ok) return unread(code, 'the carrier of its links', addresses);
  if (!takeover?.ok) return unread(code, 'which links it serves', takeover);
  const devices = new Set([
    ...takeover.value.instances.map((instance) => instance.interface),
    ...(readingValue(hooks)?.trackedInterfaces ?? []),
  ]);
  const carrier = (device: string) =>
    addresses.value.find((each) => each.device === device && each.carrier !== undefined)?.carrier;
  const dead = [...devices].filter((device) => carrier(device) === false);
  if (dead.length > 0) return gate(code, 'fail', `no carrier on ${list(dead)}`, addresses);
  const unseen = [...devices].filter((device) => carrier(device) === undefined);
  if (unseen.length > 0)
    return gate(code, 'unknown', `the carrier of ${list(unseen)} is not known`, addresses);

  const theirs = master?.readings.routes;
  if (routes?.ok && theirs?.ok) {
    const [have, wanted] = [routeLines(routes.value), routeLines(theirs.value)];
    const apart = [
      ...missing(wanted, have).map((route) => `no route ${route}`),
      ...missing(have, wanted).map((route) => `${route}, which ${master?.name} has not`),
    ];
    if (apart.length > 0) return gate(code, 'fail', `its routes differ: ${few(apart)}`, routes);
  }
  if (!routes?.ok) return unread(code, 'its routes', routes);
  if (!theirs?.ok) return unread(code, "the master's routes", theirs);
  if (!neighbours?.ok) return unread(code, 'its neighbours', neighbours);
  const gateways = [...new Set(routes.value.flatMap((route) => route.gateways))];
  const known = gateways.map((address) => ({
    address,
    found: neighbours.value.find((each) => each.address === address),
  }));
  const silent = known.filter(({ found }) => found && ['FAILED', 'INCOMPLETE'].includes(found.state));
  if (silent.length > 0) {
    const who = few(silent.map(({ address }) => address));
    return gate(code, 'fail', `the gateway ${who} does not answer`, neighbours);
  }
  const unasked = known.filter(({ found }) => !found);
  if (unasked.length > 0) {
    const who = few(unasked.map(({ address }) => address));
    return gate(
      code,
      'unknown',
      `whether the gateway ${who} answers is not known: nothing was sent to it`,
      neighbours,
    );
  }
  const answers = known.map(
    ({ address, found }) =>
      `${address} answered${found?.confirmedSeconds === undefined ? '' : ` ${found.confirmedSeconds} s ago`}`,
  );
  const links = devices.size === 0 ? 'no link to watch' : `carrier on ${list([...devices])}`;
  const gatewayWords = gateways.length === 0 ? 'no gateway in its routes' : few(answers);
  return gate(code, 'pass', `${links}; the same routes as ${master?.name}; ${gatewayWords}`, neighbours);
}

/** Connected routes and those that go with the service addresses belong to one node alone. */
export const routeLines = (routes: readonly Route[]): string[] =>
  routes
    .filter((route) => route.origin !== 'kernel' && route.origin !== 'keepalived')
    .map(({ destination, gateways, device, metric }) =>
      [
        destination,
        ...gateways.map((gateway) => `via ${gateway}`),
        ...(device === undefined ? [] : [`dev ${device}`]),
        ...(metric === undefined ? [] : [`metric ${metric}`]),
      ].join(' '),
    );

const few = (words: readonly string[]): string =>
  words.length <= 3 ? list(words) : `${words.slice(0, 3).join(', ')} and ${words.length - 3} more`;
