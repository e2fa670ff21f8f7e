import { expect, it } from 'vitest';
import { agent, good, instance, Story, sound, takeover } from './build.ts';

it('different masters for different instances are active/active, and no fault', () => {
  const story = new Story('fw1', 'fw2');
  const side = (mine: string, theirs: string, held: string, at: number) => ({
    ...sound(at),
    takeover: good(
      takeover(
        instance('MASTER', { name: mine, addresses: [held] }),
        instance('BACKUP', { name: theirs, addresses: [held === '10.1.0.1' ? '10.2.0.1' : '10.1.0.1'] }),
      ),
      at,
    ),
    addresses: good([{ device: 'eth0', address: held, prefixLength: 24, carrier: true }], at),
    clockOffset: good(0, at),
  });
  for (let second = 1; second <= 4; second += 1) {
    story.now += 1_000;
    const figures = agent({ internal: 5, external: 5, received: second });
    for (const [node, mine, theirs, held] of [
      ['fw1', 'A', 'B', '10.1.0.1'],
      ['fw2', 'B', 'A', '10.2.0.1'],
    ] as const) {
      const readings = { ...side(mine, theirs, held, story.now), agent: good(figures, story.now) };
      story.put({ kind: 'readings', node, readings });
    }
  }
  expect(story.snapshot).toMatchObject({ activeActive: true, master: null, verdict: 'ok' });
  expect(story.node('fw1').role).toBe('mixed');
});
