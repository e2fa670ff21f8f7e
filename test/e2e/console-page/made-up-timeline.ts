import type { CallInput, CallOutput } from '../../../shared/contract/contract.ts';
import {
  mergeTimeline,
  type TimelineEntry,
  type TimelineFilter,
  type TimelineLevel,
  timelineTest,
} from '../../../shared/domain/timeline.ts';
import { exportTimeline } from '../../../shared/domain/timeline-export.ts';
import type { TimelineFormat, TimelinePage } from '../../../shared/domain/timeline-page.ts';
import { minutes } from './made-up.ts';
import type { Scene } from './scenes.ts';

/** fw2's clock is an hour ahead, and was set a moment ago. */
const hour = 3_600_000;
const offsets: Record<string, number> = { fw1: 1.4, fw2: hour + 212 };

/** A log writes whole seconds. */
const logged = (
  at: number,
  node: string,
  source: 'conntrackd' | 'keepalived',
  words: string,
  level: TimelineLevel = 'info',
  more: Partial<TimelineEntry> = {},
): Omit<TimelineEntry, 'id'> => ({
  ...{ at, until: at + 999, node, source, level, kind: 'other', words },
  origin: `/var/log/${source}.log`,
  nodeAt: Math.floor((at + (offsets[node] ?? 0)) / 1000) * 1000,
  offset: offsets[node] ?? 0,
  uncertainty: node === 'fw1' ? 2.2 : 14,
  trust: 'measured',
  ...more,
});
const ours = (at: number, words: string, node?: string): Omit<TimelineEntry, 'id'> => ({
  ...{ at, until: at, source: 'audit', level: 'info', kind: 'intent', words },
  origin: 'plan 5f0c2a7e-9d1b-4c5e-8f25-0e2bb1a4d9c3',
  ...(node !== undefined && { node }),
});

/** A failover, and what came before and after it. */
function story(at: number): Omit<TimelineEntry, 'id'>[] {
  const start = at - minutes(12);
  return [
    logged(start - minutes(55), 'fw1', 'conntrackd', 'initialization completed', 'info', {
      trust: 'assumed',
    }),
    logged(start - minutes(54), 'fw1', 'keepalived', '(LAN) Entering MASTER STATE', 'info', {
      trust: 'assumed',
    }),
    logged(start - minutes(9), 'fw2', 'keepalived', 'Netlink reports lan0 down', 'warning', {
      trust: 'stepped',
    }),
    logged(start - minutes(9) + 200, 'fw2', 'keepalived', '(LAN) Entering FAULT STATE', 'warning', {
      trust: 'stepped',
    }),
    ours(start, 'Ordered to fail over to fw2 (nothing to accept), by ops@console', 'fw2'),
    ours(
      start + 310,
      'About to run sudo -n /usr/bin/tee /var/lib/handover/handover with "-100\\n" on its input, by ops@console',
      'fw1',
    ),
    logged(start + 400, 'fw1', 'keepalived', '(LAN) Changing effective priority from 150 to 50'),
    logged(
      start + 900,
      'fw2',
      'keepalived',
      '(LAN) Received advert from 10.77.1.2 with lower priority 50, ours 100, forcing new election',
      'warning',
    ),
    logged(start + 1400, 'fw2', 'keepalived', '(LAN) Entering MASTER STATE', 'info', {
      kind: 'state-entered',
    }),
    logged(start + 1450, 'fw2', 'conntrackd', 'committing all external caches', 'info', {
      kind: 'commit-started',
    }),
    {
      ...ours(start + 1530, 'fw2 is master (MASTER), was slave', 'fw2'),
      source: 'reading',
      kind: 'role',
      origin: 'ip -j addr',
    },
    logged(start + 1900, 'fw2', 'conntrackd', 'commit-create: Invalid argument', 'warning', {
      more: [
        'Sun Nov 22 15:09:49 2026\ttcp      6 180 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=21 src=10.2.0.1 dst=10.1.0.1 sport=21 dport=40001 [ASSURED] mark=0 helper=ftp',
      ],
    }),
    logged(start + 2000, 'fw2', 'conntrackd', 'Committed 48198 new entries', 'info', { kind: 'committed' }),
    logged(start + 2000, 'fw2', 'conntrackd', 'commit has taken 0.582211 seconds', 'info', {
      kind: 'commit-finished',
    }),
    {
      ...ours(start + 2900, 'The failover ended: done: fw2 is master of LAN and WAN, by ops@console'),
      kind: 'end',
    },
    {
      ...ours(start + minutes(2), 'Split brain: fw1 and fw2 both hold 10.77.1.1'),
      source: 'reading',
      level: 'critical',
      kind: 'fault',
      origin: 'split-brain',
    },
  ];
}

function entries(scene: Scene, now: number): readonly TimelineEntry[] {
  if (scene.timeline === 'empty') return [];
  const at = Math.floor(now / 60_000) * 60_000;
  const quiet = Array.from({ length: 1_200 }, (_, index) =>
    logged(
      at - minutes(120 + index),
      index % 3 ? 'fw1' : 'fw2',
      'conntrackd',
      index % 2 ? 'resync requested by other node' : 'sending bulk update',
    ),
  );
  return mergeTimeline(
    [],
    [...quiet, ...story(at)].map((entry, index) => ({ ...entry, id: `${entry.source} ${index}` })),
  );
}

export function timelinePage(scene: Scene, query: CallInput<'timeline.read'>, now: number): TimelinePage {
  const all = entries(scene, now);
  const rows = all.filter(timelineTest(query.filter)).reverse();
  const refused = scene.timeline === 'refused';
  const nodes = scene.clusters(now)[0]?.nodes.map(({ name }) => name) ?? [];
  return {
    revision: 1,
    offset: query.offset,
    entries: rows.slice(query.offset, query.offset + query.limit),
    matched: rows.length,
    total: all.length,
    newer: 0,
    logs: nodes.flatMap((node) =>
      (['conntrackd', 'keepalived'] as const).map((program) => ({
        ...{ node, program, place: program === 'keepalived' ? 'journal' : '/var/log/conntrackd.log' },
        ...(refused && node === 'fw2'
          ? {
              failure: {
                kind: 'no-permission' as const,
                message: 'sudo does not allow /usr/bin/tail with these arguments: /var/log/conntrackd.log',
                remedy:
                  'Put the login into the group adm, or allow this exact command in the sudo rules of the login (assets/node/sudoers-handover) and set sudo: true for the node.',
              },
            }
          : { readAt: now - 1_200 }),
      })),
    ),
    clocks: nodes.map((node) => ({
      ...{ node, observedAt: now - 900, offset: offsets[node] ?? 0, uncertainty: node === 'fw1' ? 2.2 : 14 },
      ...(node === 'fw2' && { step: { from: now - minutes(21), to: now - minutes(21) + 3000, by: hour } }),
    })),
  };
}

export function timelineRow(
  scene: Scene,
  query: CallInput<'timeline.row'>,
  now: number,
): CallOutput<'timeline.row'> {
  const rows = entries(scene, now).filter(timelineTest(query.filter));
  return { row: rows.length - rows.filter(({ at }) => at <= query.at).length };
}

export function timelineFile(
  scene: Scene,
  filter: TimelineFilter,
  format: TimelineFormat,
  now: number,
): CallOutput<'timeline.export'> {
  const rows = entries(scene, now).filter(timelineTest(filter));
  return { rows: rows.length, text: exportTimeline(rows, format) };
}
