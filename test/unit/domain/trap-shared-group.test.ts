import { describe, expect, it } from 'vitest';
import type { NodeReadings } from '../../../shared/domain/cluster-snapshot.ts';
import type { SyncSetup } from '../../../shared/domain/trap-facts.ts';
import {
  couldMeet,
  foreignPackets,
  placesOf,
  type SyncPlace,
} from '../../../shared/domain/trap-shared-group.ts';
import { agent, good, Story } from './build.ts';

const samples = (count: number, figures: (second: number) => { sent?: number; heard?: number }, offset = 0) =>
  Array.from({ length: count }, (_, second) => {
    const { sent = 0, heard = 0 } = figures(second);
    const state = agent();
    const channels = state.channels.map((each) => ({ ...each, packetsSent: sent, packetsReceived: heard }));
    return { at: 1_000 * second + offset, state: { ...state, channels } };
  });

describe('packets that no node of the cluster sent', () => {
  it('are counted once they outgrow all noise, whatever the cluster itself sends', () => {
    for (const rate of [1, 800]) {
      const fw1 = samples(60, (s) => ({ sent: rate * s }));
      const fw2 = samples(60, (s) => ({ heard: rate * (s + 0.3) + 2 * s }), 300);
      expect(foreignPackets(fw2, [fw1])?.packets).toBeGreaterThan(30);
    }
  });

  it('are none where the nodes hear each other alone, as in a burst that is still under way', () => {
    const burst = (s: number) => 10 * s + (s > 20 ? 50_000 : 0);
    const late = (s: number) => 10 * s + (s > 23 ? 50_000 : 0);
    const fw1 = samples(60, (s) => ({ sent: burst(s) }));
    expect(
      foreignPackets(
        samples(60, (s) => ({ heard: late(s) })),
        [fw1],
      )?.packets,
    ).toBeLessThanOrEqual(0);
  });

  it('are not known while too little was read', () => {
    const fw1 = samples(8, (s) => ({ sent: s }));
    expect(
      foreignPackets(
        samples(8, (s) => ({ heard: 3 * s })),
        [fw1],
      ),
    ).toBeUndefined();
    expect(
      foreignPackets(
        samples(60, (s) => ({ heard: 3 * s })),
        [[]],
      ),
    ).toBeUndefined();
  });
});

const setup = (own: string): SyncSetup => ({
  file: '/etc/conntrackd/conntrackd.conf',
  mode: 'ftfw',
  channels: [
    { transport: 'multicast', address: '225.0.0.50', port: 3780, interfaceAddress: own, device: 'sync0' },
  ],
  disableInternalCache: false,
  disableExternalCache: false,
  hashLimit: 262_144,
  startupResync: true,
  lockFile: '/var/lock/conntrack.lock',
});

/** A cluster read for `seconds`; each second fw2 hears `foreign` packets more than fw1 sends. */
function cluster(seconds: number, foreign: number): Story {
  const story = new Story('fw1', 'fw2');
  for (let second = 1; second <= seconds; second += 1) {
    story.now += 1_000;
    const at = story.now;
    const state = (heard: number) => {
      const made = agent();
      const channels = made.channels.map((each) => ({
        ...each,
        packetsSent: 10 * second,
        packetsReceived: heard,
      }));
      return good({ ...made, channels }, at);
    };
    const put = (node: string, own: string, heard: number) => {
      const readings: NodeReadings = {
        agent: state(heard),
        syncSetup: good(setup(own), at),
        addresses: good([{ device: 'sync0', address: own, prefixLength: 24 }], at),
      };
      story.put({ kind: 'readings', node, readings });
    };
    put('fw1', '10.77.100.1', 10 * second);
    put('fw2', '10.77.100.2', (10 + foreign) * second);
    story.put({ kind: 'tick' });
  }
  return story;
}

const place = (more: Partial<SyncPlace> = {}): SyncPlace => ({
  cluster: 'other',
  node: 'fw9',
  group: '225.0.0.50',
  port: 3780,
  own: '10.77.100.9',
  network: '10.77.100.0/24',
  ...more,
});

const shared = (story: Story) => (story.snapshot.traps ?? []).filter(({ code }) => code === 'shared-group');

describe('two clusters in one multicast group', () => {
  it('is sure when the counters and another cluster of the inventory agree', () => {
    const story = cluster(30, 2);
    story.put({ kind: 'elsewhere', places: [place()] });
    story.put({ kind: 'tick' });
    const [trap, ...more] = shared(story);
    expect(more).toEqual([]);
    expect(trap).toMatchObject({ node: 'fw2', state: 'present' });
    expect(trap?.sentence).toContain('fw9 of other');
    expect(trap?.evidence[0]?.what).toMatch(/at least \d+ packets received in \d+ s beyond/);
  });

  it('is possible, with the other cause named, when the counters alone tell', () => {
    const [trap] = shared(cluster(30, 2));
    expect(trap).toMatchObject({ node: 'fw2', state: 'possible' });
    expect(trap?.why).toContain('doubles packets');
  });

  it('is possible when only the configurations meet, and gone once the counters say otherwise', () => {
    const early = cluster(3, 0);
    early.put({ kind: 'elsewhere', places: [place()] });
    early.put({ kind: 'tick' });
    expect(shared(early)).toMatchObject([
      { node: 'fw1', state: 'possible' },
      { node: 'fw2', state: 'possible' },
    ]);
    expect(shared(early)[0]?.why).toContain('cannot be seen from here');
    const later = cluster(30, 0);
    later.put({ kind: 'elsewhere', places: [place()] });
    later.put({ kind: 'tick' });
    expect(shared(later)).toEqual([]);
  });

  it('is unknown, for now, with too few readings', () => {
    expect(shared(cluster(3, 0))).toMatchObject([
      { state: 'unknown', pending: true },
      { state: 'unknown', pending: true },
    ]);
  });

  it('means the same group, port and network, on another node, with another address', () => {
    const story = cluster(1, 0);
    const [own] = placesOf(story.snapshot);
    expect(own).toEqual(place({ cluster: 'edge', node: 'fw1', own: '10.77.100.1' }));
    if (!own) return;
    expect(couldMeet(own, place())).toBe(true);
    for (const apart of [
      { cluster: 'edge' },
      { group: '225.0.0.51' },
      { port: 3781 },
      { network: '10.77.101.0/24' },
      { own: '10.77.100.1' },
    ])
      expect(couldMeet(own, place(apart))).toBe(false);
  });
});
