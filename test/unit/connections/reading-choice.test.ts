import { describe, expect, it } from 'vitest';
import type { ReadWay } from '../../../main/agents/agent.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { chooseReader, type Offer, readOffer } from '../../../main/connections/reading/reader-choice.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { err, ok } from '../../../shared/lib/result.ts';

const { reading } = conntrack;
const installed = '/usr/local/lib/handover/conntrack-dump';
const everything = ['/usr/bin/perl', '/usr/bin/python3', '/usr/bin/stdbuf', installed];

/** A node with these programs, whose sudo would run what `allows` says. */
function node(login: Offer['login'], programs: readonly string[], allows: (line: string) => boolean) {
  const asked: string[] = [];
  const runner: NodeRunner = {
    node: 'fw1',
    privileged: login !== 'plain',
    sudo: login === 'sudo',
    line: ({ argv }) => argv.join(' '),
    lane: () => undefined,
    exec: async () => err({ kind: 'unreachable', message: 'not asked for here' }),
    stream: async () => err({ kind: 'unreachable', message: 'not asked for here' }),
    poll: async ({ argv }) => {
      const line = argv.join(' ');
      asked.push(line);
      const stdout = programs.map((path) => `${path}\t755\tregular file\n`).join('');
      const said = line.startsWith('/usr/bin/stat')
        ? { stdout, exitCode: 0 }
        : { stdout: '', exitCode: allows(line.replace('/usr/bin/sudo -n -l ', '')) ? 0 : 1 };
      return ok({ ...said, stderr: '', sentAt: 0, endedAt: 0 });
    },
  };
  return { runner, asked };
}

async function choice(
  login: Offer['login'],
  programs: readonly string[],
  allows: (line: string) => boolean = () => false,
  failed: ReadonlyMap<ReadWay, string> = new Map(),
) {
  const { way, why } = chooseReader(
    reading,
    await readOffer(node(login, programs, allows).runner, reading, failed),
  );
  return { through: way.through, why };
}

describe('how a node’s table is read', () => {
  it('is the kernel’s own dump where the login is root, by what is there', async () => {
    expect(await choice('root', everything)).toEqual({ through: 'perl' });
    expect(await choice('root', ['/usr/bin/python3'])).toEqual({ through: 'python3' });
  });

  it('is the installed reader where sudo allows it', async () => {
    expect(await choice('sudo', everything, (line) => line === installed)).toEqual({ through: installed });
  });

  it('is conntrack’s text else, through stdbuf where that may be, and says what would be quicker', async () => {
    const stdbuf = await choice('sudo', ['/usr/bin/stdbuf'], (line) => line.startsWith('/usr/bin/stdbuf'));
    expect(stdbuf.through).toBe('stdbuf');
    expect(stdbuf.why).toContain(`${installed} is not on the node: install`);
    const plain = await choice('sudo', everything);
    expect(plain.through).toBe('conntrack');
    expect(plain.why).toContain(`sudo does not allow ${installed} as it is there`);
    expect(plain.why).toContain('assets/node/sudoers-handover');
  });

  it('never asks sudo about an interpreter, nor asks it at all where it is not used', async () => {
    const withSudo = node('sudo', everything, () => true);
    await readOffer(withSudo.runner, reading);
    expect(withSudo.asked.filter((line) => /sudo.*(?:perl|python)/.test(line))).toEqual([]);
    for (const login of ['root', 'plain'] as const) {
      const { runner, asked } = node(login, everything, () => true);
      await readOffer(runner, reading);
      expect(asked.filter((line) => line.includes('sudo'))).toEqual([]);
    }
  });

  it('says of a login without rights why, and tries conntrack, whose words tell what is missing', async () => {
    const viewer = await choice('plain', []);
    expect(viewer.through).toBe('conntrack');
    expect(viewer.why).toContain('the login is neither root nor uses sudo');
  });

  it('passes over a way that failed, and tells how', async () => {
    const raw = reading.ways.filter(({ kind }) => kind === 'netlink');
    const failed = new Map(raw.map((way) => [way, 'the kernel refused: Operation not supported']));
    const { through, why } = await choice('root', everything, undefined, failed);
    expect(through).toBe('stdbuf');
    expect(why).toContain('perl failed (the kernel refused: Operation not supported)');
  });

  it('takes what cannot be told for no', async () => {
    const { runner } = node('root', [], () => false);
    const silent = { ...runner, poll: async () => err({ kind: 'timed-out', message: 'late' } as const) };
    const chosen = chooseReader(reading, await readOffer(silent, reading));
    expect(chosen.way.through).toBe('conntrack');
    expect(chosen.why).toContain('what is on the node cannot be told');
  });
});
