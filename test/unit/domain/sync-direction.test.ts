import { describe, expect, it } from 'vitest';
import type { SyncAgentState } from '../../../shared/domain/replication.ts';
import { type SyncEnd, syncDirections } from '../../../shared/domain/sync-direction.ts';
import { agent, bad, type NodeRound, Story } from './build.ts';

type Mode = SyncAgentState['mode'];
type Traffic = (second: number) => { sent: number; heard: number };

/** A node that was read once a second for `seconds`, the last time at `seconds` * 1,000. */
function end(name: string, seconds: number, traffic: Traffic, more: Partial<SyncEnd & { mode: Mode }> = {}) {
  const { mode = 'ftfw', ...rest } = more;
  const samples = Array.from({ length: seconds }, (_, index) => {
    const { sent, heard } = traffic(index + 1);
    const state = agent({ mode });
    const channels = state.channels.map((each) => ({ ...each, packetsSent: sent, packetsReceived: heard }));
    return { at: (index + 1) * 1_000, state: { ...state, channels } };
  });
  return { name, says: 'figures', samples, ...rest } satisfies SyncEnd;
}

/** So many packets a second, of which none come after the given second. */
const until = (last: number, perSecond: number) => (second: number) => Math.min(second, last) * perSecond;
const always = until(Number.POSITIVE_INFINITY, 1);

describe('each direction of a replication, by what the one sends and the other hears', () => {
  it('flows both ways when both hear what the other says', () => {
    const fw1 = end('fw1', 8, (s) => ({ sent: 800 * s, heard: s }));
    const fw2 = end('fw2', 8, (s) => ({ sent: s, heard: 800 * s }));
    expect(syncDirections(fw1, fw2, [], 8_100)).toMatchObject({ toSlave: 'flows', toMaster: 'flows' });
  });

  it.each<{ mode: Mode; perSecond: number; within: number }>([
    { mode: 'ftfw', perSecond: 800, within: 3 },
    { mode: 'notrack', perSecond: 800, within: 3 },
    { mode: 'alarm', perSecond: 800, within: 3 },
    { mode: 'ftfw', perSecond: 1, within: 4 },
    { mode: 'notrack', perSecond: 1, within: 4 },
  ])(
    'is one-way within $within s in $mode at $perSecond packets a second, from the master or to it',
    (cell) => {
      const broken = 10;
      const seen = broken + cell.within;
      const talks = until(Number.POSITIVE_INFINITY, cell.perSecond);
      const fw1 = end('fw1', seen, (s) => ({ sent: talks(s), heard: always(s) }), cell);
      const fw2 = end('fw2', seen, (s) => ({ sent: s, heard: until(broken, cell.perSecond)(s) }), cell);
      const [deaf] = [syncDirections(fw1, fw2, [], seen * 1_000)];
      expect(deaf).toMatchObject({ toSlave: 'lost', toMaster: 'flows' });
      expect(deaf?.evidence).toContain('nothing of fw1 has arrived at fw2');
      expect(syncDirections(fw2, fw1, [], seen * 1_000)).toMatchObject({
        toSlave: 'flows',
        toMaster: 'lost',
      });
    },
  );

  it('is not called one-way for a second of quiet, nor while a daemon gives no figures', () => {
    const fw1 = end('fw1', 11, (s) => ({ sent: 800 * s, heard: s }));
    const fw2 = end('fw2', 11, (s) => ({ sent: s, heard: until(10, 800)(s) }));
    expect(syncDirections(fw1, fw2, [], 11_000).toSlave).toBe('flows');
    const old = end('fw2', 6, (s) => ({ sent: s, heard: until(2, 800)(s) }));
    expect(syncDirections(fw1, old, [], 11_000).toSlave).toBe('unknown');
    expect(syncDirections(fw1, { ...fw2, samples: [], says: 'unread' }, [], 11_000).toSlave).toBe('unknown');
  });

  it('says that a daemon stalled when it does not answer and nothing of it arrives, but not in ALARM', () => {
    const fw2 = end('fw2', 14, (s) => ({ sent: s, heard: until(10, 1)(s) }));
    const hung = { name: 'fw1', says: 'nothing', samples: [] } as const;
    expect(syncDirections(hung, fw2, [], 14_000)).toMatchObject({ toSlave: 'stalled', stalled: 'fw1' });
    expect(syncDirections(fw2, hung, [], 14_000)).toMatchObject({ toMaster: 'stalled', stalled: 'fw1' });
    const alarm = end('fw2', 14, (s) => ({ sent: s, heard: until(10, 1)(s) }), { mode: 'alarm' });
    expect(syncDirections(hung, alarm, [], 14_000).stalled).toBeUndefined();
  });

  it('does not blame a daemon that is merely slow to answer while what it says arrives', () => {
    const fw2 = end('fw2', 14, (s) => ({ sent: s, heard: s }));
    const slow = { name: 'fw1', says: 'nothing', samples: [] } as const;
    expect(syncDirections(slow, fw2, [], 14_000)).toMatchObject({ toSlave: 'flows' });
  });

  it('does not know why, where the other end cannot be read', () => {
    const fw2 = end('fw2', 14, (s) => ({ sent: s, heard: until(10, 1)(s) }));
    const gone = { name: 'fw1', says: 'unread', samples: [] } as const;
    expect(syncDirections(gone, fw2, [], 14_000).toSlave).toBe('silent');
  });

  it('tells among three nodes whose messages are missing by what the others can have sent', () => {
    const seen = 20;
    const fw1 = end('fw1', seen, (s) => ({ sent: 100 * s, heard: 2 * s }));
    const fw3 = end('fw3', seen, (s) => ({ sent: s, heard: 101 * s }));
    const deaf = end('fw2', seen, (s) => ({ sent: s, heard: until(14, 100)(s) + s }));
    expect(syncDirections(fw1, deaf, [fw3], seen * 1_000)).toMatchObject({ toSlave: 'lost' });
    const well = end('fw2', seen, (s) => ({ sent: s, heard: 101 * s }));
    expect(syncDirections(fw1, well, [fw3], seen * 1_000)).toMatchObject({ toSlave: 'flows' });
    const unread = { ...fw3, samples: [] };
    expect(syncDirections(fw1, deaf, [unread], seen * 1_000).toSlave).toBe('unknown');
  });
});

/** A pair in which each node sends two packets a second and hears what the other sends, until something breaks. */
function pair(second: number, deaf: { fw1?: number; fw2?: number } = {}): Record<'fw1' | 'fw2', NodeRound> {
  const state = (name: 'fw1' | 'fw2', more: Parameters<typeof agent>[0]): SyncAgentState => {
    const made = agent(more);
    const heard = 2 * Math.min(second, deaf[name] ?? second);
    const channels = made.channels.map((each) => ({
      ...each,
      packetsSent: 2 * second,
      packetsReceived: heard,
      bytesReceived: 10 * heard,
    }));
    return { ...made, channels };
  };
  return {
    fw1: { state: 'MASTER', holds: true, agent: state('fw1', { internal: 50 }) },
    fw2: { state: 'BACKUP', holds: false, agent: state('fw2', { external: 50 }) },
  };
}

describe('what a cluster says of it, and the remedy that fits', () => {
  it('a slave that hears nothing is silent, and its path is to be mended before a full sync is asked for', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(14, (second) => pair(second, { fw2: 10 }));
    expect(story.node('fw2').replication?.phase).toBe('silent');
    expect(story.snapshot.verdict).toBe('critical');
    const remedy = story.node('fw2').replication?.remedy;
    expect(remedy?.what).toContain('Mend the path from fw1 to fw2 on sync0');
    expect(remedy?.steps.map(({ command }) => command)).toEqual([
      'ip -s link show dev sync0',
      'nft list ruleset',
      'ip maddress show dev sync0',
      'conntrackd -C /etc/conntrackd/conntrackd.conf -n',
    ]);
    expect(remedy?.sideEffects).toContain('Every peer sends all that it has');
  });

  it('a master that hears nothing is a warning, and only it can start a full sync', () => {
    const story = new Story('fw1', 'fw2');
    story.seconds(14, (second) => pair(second, { fw1: 10 }));
    expect(story.codes()).toEqual(['sync-one-way']);
    expect(story.snapshot.verdict).toBe('warning');
    expect(story.node('fw2').replication?.phase).toBe('in-step');
    expect(story.node('fw2').replication?.remedy?.steps.at(-1)).toMatchObject({
      node: 'fw1',
      command: 'conntrackd -C /etc/conntrackd/conntrackd.conf -B',
    });
  });

  it.each([
    { stalled: 'fw1', peer: 'fw2', sync: { node: 'fw1', word: '-B' } },
    { stalled: 'fw2', peer: 'fw1', sync: { node: 'fw2', word: '-n' } },
  ] as const)('$stalled has stalled: restart that one, then a full sync', ({ stalled, peer, sync }) => {
    const story = new Story('fw1', 'fw2');
    story.seconds(10, (second) => pair(second));
    for (let second = 11; second <= 15; second += 1) {
      const rounds = pair(second, { [peer]: 10 });
      rounds[stalled] = { ...rounds[stalled], agent: bad('timed-out', story.now + 1_000) };
      story.second(rounds);
    }
    expect(story.snapshot.reasons.find(({ code }) => code === 'sync-stalled')?.message).toContain(
      `conntrackd on ${stalled} has stalled`,
    );
    expect(story.snapshot.verdict).toBe('critical');
    const remedy = story.node('fw2').replication?.remedy;
    expect(remedy?.steps.map(({ node }) => node)).toEqual([stalled, sync.node]);
    expect(remedy?.steps[0]?.command).toBe('systemctl restart conntrackd');
    expect(remedy?.steps[1]?.command).toContain(sync.word);
    expect(remedy?.sideEffects).toContain(stalled === 'fw2' ? 'loses its external cache' : 'not touched');
  });
});
