import type { NodeSnapshot } from './cluster-snapshot.ts';
import type { Reason } from './health.ts';
import type { Gate, GateCode } from './readiness.ts';

/** What a failing gate costs, or what ends by itself: a slave that fails these alone could still take over. */
const bearable: ReadonlySet<GateCode> = new Set(['in-step', 'no-losses', 'same-rules', 'nothing-pending']);

/**
 * The gates of a slave that do not pass and that no other reason tells already: a stopped agent, a silent link or a
 * split brain have words of their own.
 */
export const openGates = (node: NodeSnapshot): Gate[] =>
  (node.gates ?? []).filter((gate) => gate.result !== 'pass' && !isTold(gate.code, node));

function isTold(code: GateCode, { readings, role, replication }: NodeSnapshot): boolean {
  const agentFails = readings.agent?.ok === false;
  const takeoverFails = readings.takeover?.ok === false;
  const phase = replication?.phase ?? 'unknown';
  switch (code) {
    // who is master is judged of the cluster as a whole
    case 'one-master':
      return true;
    case 'fresh-data':
      return agentFails || takeoverFails;
    case 'agent-answers':
    case 'no-losses':
      return agentFails;
    case 'link-running':
      return agentFails || phase === 'silent' || phase === 'unknown';
    case 'in-step':
      return agentFails || phase !== 'full-sync';
    case 'takeover-standby':
      return takeoverFails || ['fault', 'conflict', 'unknown'].includes(role);
    default:
      return false;
  }
}

/** What its gates alone say of a slave. */
export function standbyByGates(open: readonly Gate[]): 'ready' | 'undecided' | 'not-ready' {
  if (open.some((gate) => gate.result === 'fail' && !bearable.has(gate.code))) return 'not-ready';
  return open.some((gate) => gate.result === 'unknown') ? 'undecided' : 'ready';
}

/** The reason that its open gates give, in one sentence; none where all are closed. `severity`: of what prevents a takeover. */
export function gateReason(
  { name, readiness }: NodeSnapshot,
  open: readonly Gate[],
  severity: Reason['severity'],
): Reason[] {
  const standing = standbyByGates(open);
  const failed = open.filter((gate) => gate.result === 'fail');
  const [worst = open[0]] = failed.toSorted(
    (a, b) => Number(bearable.has(a.code)) - Number(bearable.has(b.code)),
  );
  if (!worst) return [];
  const remedy = worst.remedy === undefined ? {} : { remedy: worst.remedy };
  const said = (gates: readonly Gate[]) => gates.map((gate) => gate.message).join('; ');
  if (standing === 'not-ready') {
    const message = `${name} cannot take over now: ${said(failed)}.`;
    return [{ code: 'slave-not-ready', severity, node: name, message, ...remedy }];
  }
  if (standing === 'undecided') {
    const unknown = open.filter((gate) => gate.result === 'unknown');
    const more = unknown.length > 1 ? `, and ${unknown.length - 1} more` : '';
    const message = `Whether ${name} could take over is not known: ${unknown[0]?.message}${more}.`;
    return [{ code: 'readiness-unknown', severity: 'unknown', node: name, message, ...remedy }];
  }
  const message =
    readiness === 'degraded'
      ? `${name} can take over now, but is degraded: ${said(failed)}.`
      : `${name} is not ready at this moment: ${said(failed)}.`;
  const code = readiness === 'degraded' ? 'slave-degraded' : 'slave-not-ready';
  return [{ code, severity: 'warning', node: name, message, ...remedy }];
}
