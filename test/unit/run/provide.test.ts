import { describe, expect, test } from 'vitest';
import type { Apt } from '../../run/apt.ts';
import { labPrograms, type Machine, rights, screen, unmet } from '../../run/needs.ts';
import { type Hands, provide } from '../../run/provide.ts';
import type { Suite } from '../../run/suites.ts';

const lab: Suite = {
  name: 'lab',
  about: '',
  command: () => [],
  counts: 'tests',
  limitMinutes: 1,
  needs: [...rights, ...labPrograms],
};

interface Situation {
  isRoot?: boolean;
  canUnshare?: boolean;
  /** Programs that are there; by default what Debian's smallest installation has of them, and apt-get. */
  programs?: string[];
  /** What the package lists know before an update; after it they know everything. */
  known?: string[];
  /** Whether an install works before an update. */
  stale?: boolean;
  answer?: boolean;
}

/** A machine on which installing a package brings all programs of the lab, and a record of what was done to it. */
function machineWith(situation: Situation) {
  const { isRoot = true, canUnshare = true, known, stale = false, answer } = situation;
  const programs = new Set(situation.programs ?? ['apt-get', 'ip', 'pgrep']);
  const done: string[] = [];
  let updated = false;
  let blocked = false;
  const machine = (): Machine => {
    const now = new Set(programs);
    return {
      isRoot,
      canUnshare,
      canSandbox: true,
      hasProgram: (name) => now.has(name),
      hasLibrary: () => false,
      hasFile: () => false,
    };
  };
  const apt: Apt = {
    knows: (name) => updated || (known?.includes(name) ?? true),
    update: async () => {
      done.push('update');
      updated = true;
      return true;
    },
    install: async (names) => {
      done.push(`install ${names.join(' ')}${blocked ? '' : ' WITH SERVICES STARTING'}`);
      if (stale && !updated) return false;
      for (const name of [
        'conntrack',
        'conntrackd',
        'keepalived',
        'sshd',
        'ssh',
        'sudo',
        'nft',
        'ping',
        'tcpdump',
        'promtool',
      ]) {
        programs.add(name);
      }
      return true;
    },
    leaveDisabled: (service) => done.push(`disable ${service}`),
  };
  const hands: Hands = {
    machine,
    apt: () => apt,
    blocked: async (work) => {
      blocked = true;
      return await work().finally(() => {
        blocked = false;
      });
    },
    ask:
      answer === undefined
        ? undefined
        : async () => {
            done.push('ask');
            return answer;
          },
  };
  const said: string[] = [];
  const signal = new AbortController().signal;
  const run = (wish: { install?: boolean; ci?: boolean } = {}) =>
    provide([lab], { install: true, ci: false, signal, say: (line) => said.push(line), ...wish }, hands);
  return { run, done, said };
}

const all =
  'conntrack conntrackd keepalived openssh-server openssh-client sudo nftables iputils-ping tcpdump prometheus';
const installed = [
  `install ${all}`,
  'disable conntrackd',
  'disable keepalived',
  'disable ssh',
  'disable prometheus',
];

describe('the packages that the tests need', () => {
  test('are named, and installed by root with no service started, now or at the next boot', async () => {
    const { run, done, said } = machineWith({});
    const machine = await run();
    expect(said[0]).toContain(all);
    expect(done.toSorted()).toEqual(installed.toSorted());
    expect(unmet(lab.needs, machine)).toEqual([]);
  });

  test('are not mentioned where nothing lacks', async () => {
    const { run, done, said } = machineWith({
      programs: [
        'conntrack',
        'conntrackd',
        'keepalived',
        'sshd',
        'ssh',
        'sudo',
        'nft',
        'ip',
        'ping',
        'pgrep',
        'tcpdump',
        'promtool',
      ],
    });
    await run();
    expect([done, said]).toEqual([[], []]);
  });

  test('are asked for on a terminal', async () => {
    const { run, done } = machineWith({ answer: true });
    await run();
    expect(done.slice(0, 2)).toEqual(['ask', `install ${all}`]);
  });

  test('are not installed where the answer is no, and the lab stays without', async () => {
    const { run, done } = machineWith({ answer: false });
    expect(unmet(lab.needs, await run())).not.toEqual([]);
    expect(done).toEqual(['ask']);
  });

  test('are not asked for in CI, terminal or not', async () => {
    const { run, done } = machineWith({ answer: false });
    await run({ ci: true });
    expect(done[0]).toBe(`install ${all}`);
  });

  test.each([
    ['by an ordinary user', { isRoot: false }, {}],
    ['on a system without apt', { programs: [] }, {}],
    ['where the command line forbids it', {}, { install: false }],
  ])('are named and not installed %s', async (_, situation, wish) => {
    const { run, done, said } = machineWith(situation);
    await run(wish);
    expect(said[0]).toContain('conntrackd');
    expect(done).toEqual([]);
  });

  test('are left alone where the suite could not run even with them', async () => {
    const { run, done, said } = machineWith({ canUnshare: false });
    await run();
    expect([done, said]).toEqual([[], []]);
  });
});

describe('the package lists of the machine', () => {
  test('are fetched first where they do not know a package', async () => {
    const { run, done } = machineWith({ known: [] });
    await run();
    expect(done.slice(0, 2)).toEqual(['update', `install ${all}`]);
  });

  test('are fetched where what they name is gone from the archive', async () => {
    const { run, done } = machineWith({ stale: true });
    await run();
    expect(done.slice(0, 3)).toEqual([`install ${all}`, 'update', `install ${all}`]);
  });
});

test('a library that was renamed is installed by the name that this release has', () => {
  const sound = screen.find((need) => need.label === 'libasound2');
  expect(sound?.packages).toEqual(['libasound2', 'libasound2t64']);
});
