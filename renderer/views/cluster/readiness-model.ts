import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatCount, formatDuration } from '../../../shared/domain/format.ts';
import type { Gate, GateCode } from '../../../shared/domain/readiness.ts';
import type { ComparedPart } from '../../../shared/domain/readiness-diff.ts';
import { type Face, readinessFace } from '../../components/faces.ts';

/** The gates by the names that operators read. */
export const gateTitles: Readonly<Record<GateCode, string>> = {
  'fresh-data': 'Fresh data',
  'agent-answers': 'Sync agent answers',
  'link-running': 'Sync link runs',
  'in-step': 'In step',
  'no-losses': 'No losses',
  room: 'Room in the table',
  'takeover-standby': 'Takeover stands by',
  'one-master': 'One master',
  'nothing-pending': 'Nothing pending',
  'same-rules': 'Same rules and settings',
  'data-plane': 'Data plane is up',
};

export const partTitles: Readonly<Record<ComparedPart, string>> = {
  rules: 'Firewall rules',
  settings: 'Kernel settings',
  helpers: 'Helpers',
  routes: 'Routes',
};

/** The gates that compare a slave with its master, and what opens the comparison. */
export const compareWords: Readonly<Partial<Record<GateCode, string>>> = {
  'same-rules': 'Compare with the master',
  'data-plane': 'Compare the routes',
};

export interface SlaveReadiness {
  readonly node: string;
  readonly face: Face;
  /** What stands beside the word: how many gates pass, or the first that does not. */
  readonly summary: string;
  /** How long a commit would take, and how that is known. */
  readonly commit: string | undefined;
  readonly gates: readonly Gate[];
  /** Something fails: shown without being asked for. */
  readonly fails: boolean;
}

/** Every node that is no master, with what is known of its readiness. */
export const slavesOf = (cluster: ClusterSnapshot): SlaveReadiness[] =>
  cluster.nodes
    .filter((node) => node.gates !== undefined && (cluster.activeActive || node.name !== cluster.master))
    .map((node) => {
      const gates = node.gates ?? [];
      return {
        node: node.name,
        face: readinessFace[node.reachable ? (node.readiness ?? 'unknown') : 'unknown'],
        summary: summaryOf(node, gates),
        commit: node.reachable ? commitText(node) : undefined,
        gates,
        fails: node.reachable && gates.some((gate) => gate.result === 'fail'),
      };
    });

function summaryOf(node: NodeSnapshot, gates: readonly Gate[]): string {
  const count = (result: Gate['result']) => gates.filter((gate) => gate.result === result).length;
  if (!node.reachable) return gates[0]?.message ?? 'not read any more';
  const [failed, unknown] = [count('fail'), count('unknown')];
  if (failed + unknown === 0) return `all ${gates.length} gates pass`;
  const words = [failed > 0 && `${failed} failing`, unknown > 0 && `${unknown} unknown`].filter(Boolean);
  const first = gates.find((gate) => gate.result === (failed > 0 ? 'fail' : 'unknown'));
  return `${words.join(', ')} of ${gates.length} gates: ${first?.message}`;
}

function commitText({ expectedCommit, replication }: NodeSnapshot): string | undefined {
  if (expectedCommit === undefined || replication?.replicated === undefined) return undefined;
  const basis =
    expectedCommit.basis === 'last-commit'
      ? 'as fast as its last commit'
      : 'at the usual rate, none is logged';
  const time = expectedCommit.seconds < 0.1 ? '< 0.1 s' : formatDuration(expectedCommit.seconds * 1000);
  return `a commit of ${formatCount(replication.replicated)} would take ${time}, ${basis}`;
}
