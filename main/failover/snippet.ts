import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { readingValue } from '../../shared/lib/reading.ts';

const usualFile = '/var/lib/handover/handover';

/** What to write on the nodes so that the handover file moves the role, with this cluster's own names. */
export function leverSnippet(definition: ClusterDefinition, nodes: readonly NodeSnapshot[]): string {
  const file = definition.takeover.handoverFile ?? usualFile;
  const folder = file.slice(0, file.lastIndexOf('/')) || '/';
  const instances = nodes.flatMap((node) => readingValue(node.readings.takeover)?.instances ?? []);
  const groups = new Set(instances.flatMap((each) => each.syncGroup ?? []));
  const alone = new Set(instances.flatMap((each) => (each.syncGroup === undefined ? each.name : [])));
  const trackers = [
    ...[...groups].map((name) => `vrrp_sync_group ${name}`),
    ...[...alone].map((name) => `vrrp_instance ${name}`),
  ];
  const waiting = new Set(instances.flatMap((each) => (each.nopreempt === true ? each.name : [])));
  return [
    `# On every node: install -d -m 0755 -o root -g root ${folder}`,
    '# In keepalived.conf (2.0.15 or later), then reload keepalived:',
    'track_file handover {',
    `    file "${file}"`,
    '    weight 1',
    '    init_file 0',
    '}',
    ...(trackers.length > 0 ? trackers : ['vrrp_instance NAME']).flatMap((head) => [
      `${head} {`,
      '    # …what stands here already…',
      '    track_file {',
      '        handover weight 1',
      '    }',
      '}',
    ]),
    ...[...waiting].map((name) => `# In vrrp_instance ${name}: take the word nopreempt out.`),
    ...(definition.takeover.handoverFile === undefined
      ? ["# In Handover's inventory, for this cluster:", `#   takeover: { handoverFile: ${file} }`]
      : []),
    '',
  ].join('\n');
}
