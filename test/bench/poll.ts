// for measured spans, not for waits until something happens
import { setTimeout as after } from 'node:timers/promises';
import { installedStatusReader } from '../../main/agents/status-reader.ts';
import { privateHome } from '../e2e/private-home.ts';
import { type Lab, up } from '../lab/lab.ts';
import { mustOn } from '../lab/node.ts';
import { keepSyslog, quietenSudo, syslogOf } from '../lab/syslog.ts';
import { watchStatus } from '../lab/watch-status.ts';
import { atMost, type BenchFigure } from './figure.ts';
import { nodeCpuSeconds } from './node-cpu.ts';

const nodes = ['fw1', 'fw2'] as const;
const windowMs = 30_000;
const runs = 3;
/** Every session is up, every slow reading was taken once, and a burst for the lag is over. */
const settleMs = 20_000;

/** What a node spends in a minute. */
interface Spent {
  readonly cpu: number;
  /** Lines of sudo and sshd, and of keepalived, which logs each dump that it is asked for. */
  readonly logins: number;
  readonly keepalived: number;
}

/**
 * What being watched costs a node of the real lab, in a minute: processor seconds of all of its processes, with an idle
 * node as the baseline, and the lines that it logs for that: with the status reader installed, without it, and without it
 * with the two lines of `assets/node/sudoers-handover` that keep sudo quiet. The node that spends more counts.
 */
export async function benchPoll(): Promise<readonly BenchFigure[]> {
  const lab = await up();
  const home = privateHome(undefined);
  const watched = async (user: 'ops' | 'root') => {
    const watch = watchStatus(lab.inventory[user], { ...process.env, ...home.env });
    try {
      await watch.until('the verdict is ok', ({ verdict }) => verdict === 'ok', 60);
      await after(settleMs);
      return await spent(lab);
    } finally {
      watch.end();
    }
  };
  try {
    for (const node of nodes) await keepSyslog(node);
    const idle = await spent(lab);
    const root = await watched('root');
    const reader = await watched('ops');
    for (const node of nodes) await mustOn(node, ['rm', installedStatusReader]);
    const chatty = await watched('ops');
    for (const node of nodes) await quietenSudo(node);
    const quiet = await watched('ops');
    const cpu = (of: readonly Spent[]) => of.map((each) => each.cpu);
    const logins = (of: readonly Spent[]) => of.map((each) => each.logins);
    const keepalived = reader.map((each) => each.keepalived);
    const unit = 's of CPU a minute';
    const baseline = { baseline: atMost(0, unit, '', nodes.length, cpu(idle)).value };
    return [
      { ...atMost(6, unit, 'poll-cpu', nodes.length, cpu(reader)), ...baseline },
      { ...atMost(6, unit, 'poll-cpu-without-reader', nodes.length, cpu(chatty)), ...baseline },
      { ...atMost(6, unit, 'poll-cpu-quiet-sudo', nodes.length, cpu(quiet)), ...baseline },
      { ...atMost(6, unit, 'poll-cpu-root', nodes.length, cpu(root)), ...baseline },
      atMost(200, 'log lines a minute', 'poll-log-lines', nodes.length, logins(reader)),
      atMost(2_000, 'log lines a minute', 'poll-log-lines-without-reader', nodes.length, logins(chatty)),
      atMost(1, 'log lines a minute', 'poll-log-lines-quiet-sudo', nodes.length, logins(quiet)),
      atMost(60, 'log lines a minute', 'poll-log-lines-keepalived', nodes.length, keepalived),
    ];
  } finally {
    await lab.down();
    home.remove();
  }
}

async function spent(lab: Lab): Promise<readonly Spent[]> {
  const look = () =>
    Promise.all(
      lab.plan.nodes.map(async ({ name }) => {
        const lines = await syslogOf(name);
        const of = (program: RegExp) => lines.filter((line) => program.test(line)).length;
        const logged = {
          logins: of(/ (?:sudo|sshd)(?:\[\d+\])?: /),
          keepalived: of(/ Keepalived\w*(?:\[\d+\])?: /),
        };
        return { at: performance.now(), cpu: nodeCpuSeconds(name), ...logged };
      }),
    );
  const all: Spent[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = await look();
    await after(windowMs);
    const now = await look();
    const most = (of: keyof Spent) =>
      Math.max(
        ...now.map((each, i) => ((each[of] - (before[i]?.[of] ?? 0)) / spanOf(before[i], each)) * 60_000),
      );
    all.push({ cpu: most('cpu'), logins: most('logins'), keepalived: most('keepalived') });
  }
  return all;
}

const spanOf = (before: { at: number } | undefined, now: { at: number }) => now.at - (before?.at ?? 0);
