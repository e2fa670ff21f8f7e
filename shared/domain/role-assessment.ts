import type { Reading } from '../lib/reading.ts';
import type { InstanceSnapshot, NodeRole, Witness } from './role.ts';
import type { InterfaceAddress, TakeoverInstance, TakeoverState } from './takeover.ts';

/** What was read of one node, as far as it bears on roles. Readings that are too old are not passed in. */
export interface RoleEvidence {
  readonly name: string;
  readonly takeover: Reading<TakeoverState> | undefined;
  readonly addresses: Reading<readonly InterfaceAddress[]> | undefined;
}

/** What the witnesses of one node say together. `disagree`: two of them contradict each other. */
export interface NodeAssessment {
  readonly instances: InstanceSnapshot[];
  readonly role: NodeRole;
  readonly engineState: string;
  readonly disagree: boolean;
}

type InstanceIdentity = Pick<TakeoverInstance, 'name' | 'vrid' | 'addresses'>;

/**
 * Roles from three witnesses per VRRP instance: the daemon's own state, the service addresses on interfaces, and the
 * adverts that peers hear. A witness that cannot be read is absent, never agreeing; one alone gives `unknown`.
 */
export function assessRoles(nodes: readonly RoleEvidence[]): NodeAssessment[] {
  const identities = instancesOf(nodes);
  return nodes.map((node) => {
    const instances = identities.map((identity) => assessInstance(node, identity, nodes));
    const disagree = instances.some((instance) => instance.role === 'conflict');
    const engineState = engineWord(node);
    const role = instances.length === 0 && engineState === 'STOPPED' ? 'stopped' : joinRoles(instances);
    return { instances, role, engineState, disagree };
  });
}

/** Every instance that any node knows of, with the addresses that go with it. */
function instancesOf(nodes: readonly RoleEvidence[]): InstanceIdentity[] {
  const byName = new Map<string, InstanceIdentity>();
  for (const node of nodes) {
    if (!node.takeover?.ok) continue;
    for (const instance of node.takeover.value.instances) {
      if (!byName.has(instance.name)) byName.set(instance.name, instance);
    }
  }
  return [...byName.values()];
}

function assessInstance(
  node: RoleEvidence,
  identity: InstanceIdentity,
  nodes: readonly RoleEvidence[],
): InstanceSnapshot {
  const own = node.takeover?.ok
    ? node.takeover.value.instances.find((instance) => instance.name === identity.name)
    : undefined;
  const daemon = daemonWitness(node.takeover, own);
  const witnesses = [
    daemon,
    addressWitness(node.addresses, identity, daemon?.says),
    advertWitness(node, identity, nodes),
  ].filter((witness) => witness !== undefined);
  return {
    name: identity.name,
    vrid: identity.vrid,
    state: own?.state ?? 'UNKNOWN',
    role: roleFrom(witnesses),
    addresses: identity.addresses,
    effectivePriority: own?.effectivePriority,
    witnesses,
  };
}

function daemonWitness(
  takeover: Reading<TakeoverState> | undefined,
  own: TakeoverInstance | undefined,
): Witness | undefined {
  if (!takeover) return undefined;
  const { observedAt, source } = takeover;
  if (!takeover.ok) {
    return takeover.failure.kind === 'not-running'
      ? { kind: 'daemon', says: 'stopped', evidence: takeover.failure.message, observedAt, source }
      : undefined;
  }
  if (!own || own.state === 'UNKNOWN') return undefined;
  const says = { MASTER: 'master', BACKUP: 'slave', FAULT: 'fault', INIT: 'init' } as const;
  return {
    kind: 'daemon',
    says: says[own.state],
    evidence: `${own.name} is ${own.state}, priority ${own.effectivePriority}`,
    observedAt,
    source,
  };
}

/** Holding only some of an instance's addresses fits neither role, so it contradicts whatever the daemon says. */
function addressWitness(
  addresses: Reading<readonly InterfaceAddress[]> | undefined,
  identity: InstanceIdentity,
  daemon: Witness['says'] | undefined,
): Witness | undefined {
  if (!addresses?.ok || identity.addresses.length === 0) return undefined;
  const present = new Set(addresses.value.map((each) => each.address));
  const held = identity.addresses.filter((address) => present.has(address));
  const all = held.length === identity.addresses.length;
  const partly = held.length > 0 && !all;
  const says = (partly ? daemon !== 'master' : all) ? 'master' : 'slave';
  const evidence =
    held.length === 0
      ? `holds none of ${identity.addresses.join(', ')}`
      : `holds ${held.join(', ')}${partly ? ` but not all of ${identity.addresses.join(', ')}` : ''}`;
  return { kind: 'addresses', says, evidence, observedAt: addresses.observedAt, source: addresses.source };
}

/** A peer in BACKUP names the router whose adverts it hears: that router is master of the instance, others are not. */
function advertWitness(
  node: RoleEvidence,
  identity: InstanceIdentity,
  nodes: readonly RoleEvidence[],
): Witness | undefined {
  const own = addressesOf(node, identity.name);
  if (own.size === 0) return undefined;
  for (const peer of nodes) {
    if (peer === node || !peer.takeover?.ok) continue;
    const heard = peer.takeover.value.instances.find((instance) => instance.name === identity.name);
    if (heard?.state !== 'BACKUP' || heard.masterRouter === undefined) continue;
    return {
      kind: 'adverts',
      says: own.has(heard.masterRouter) ? 'master' : 'slave',
      evidence: `${peer.name} hears the adverts of ${heard.masterRouter}`,
      observedAt: peer.takeover.observedAt,
      source: peer.takeover.source,
    };
  }
  return undefined;
}

function addressesOf(node: RoleEvidence, instance: string): Set<string> {
  const found = new Set<string>();
  if (node.addresses?.ok) for (const each of node.addresses.value) found.add(each.address);
  if (node.takeover?.ok) {
    const own = node.takeover.value.instances.find((each) => each.name === instance);
    if (own?.sourceAddress !== undefined) found.add(own.sourceAddress);
  }
  return found;
}

/**
 * Only "holds the role of master" is compared: a node in FAULT, or without an engine, agrees with having no address.
 * Adverts lag behind a transition by up to their interval, so they can complete a pair and never start a conflict.
 */
function roleFrom(witnesses: readonly Witness[]): NodeRole {
  const daemon = witnesses.find((witness) => witness.kind === 'daemon');
  const addresses = witnesses.find((witness) => witness.kind === 'addresses');
  const adverts = witnesses.find((witness) => witness.kind === 'adverts');
  const first = daemon ?? addresses;
  const second = daemon && addresses ? addresses : adverts;
  if (!first || !second) return 'unknown';
  if ((first.says === 'master') === (second.says === 'master')) return first.says;
  return second === adverts ? 'unknown' : 'conflict';
}

function joinRoles(instances: readonly InstanceSnapshot[]): NodeRole {
  const roles = new Set(instances.map((instance) => instance.role));
  const [only] = roles;
  if (roles.size <= 1) return only ?? 'unknown';
  for (const worst of ['conflict', 'unknown', 'fault', 'stopped', 'init'] as const) {
    if (roles.has(worst)) return worst;
  }
  return 'mixed';
}

function engineWord(node: RoleEvidence): string {
  if (!node.takeover) return 'UNKNOWN';
  if (!node.takeover.ok) return node.takeover.failure.kind === 'not-running' ? 'STOPPED' : 'UNKNOWN';
  const words = new Set(node.takeover.value.instances.map((instance) => instance.state));
  return words.size === 0 ? 'UNKNOWN' : [...words].sort().join('/');
}
