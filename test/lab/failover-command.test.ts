/** That `handover failover` moves the role of a real cluster, and what it does where it cannot. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { handoverFile } from './plan.ts';
import { until } from './shell.ts';

const command = new URL('../../main/cli/main.ts', import.meta.url).pathname;
const state = mkdtempSync(join(tmpdir(), 'handover-state-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

interface Step {
  id: string;
  node: string;
  command: string;
  outcome?: string;
  detail?: string;
}
interface Answer {
  state: string;
  lever: string;
  planId: string;
  guards: { code: string; result: string }[];
  steps: Step[];
}
interface Ended {
  code: number | null;
  answer: Answer | undefined;
  stderr: string;
}

/**
 * keepalived that wakes from a long stop may believe for a moment that it is master, and then runs both halves of its
 * script at once: afterwards the node's cache is what that race has left. A full sync makes it whole.
 */
async function syncAgain(lab: Lab, node: string): Promise<void> {
  await until(`the scripts of ${node} to end`, async () =>
    (await lab.exec(node, ['pgrep', '-x', 'primary-backup.'])).code === 1 ? true : undefined,
  );
  await lab.exec(node, ['conntrackd', '-n']);
}

/** Runs `handover failover … --json`; `onProgress` sees what it has said so far, and its process id. */
function failover(
  lab: Lab,
  args: readonly string[],
  onProgress = (_said: string, _pid: number): void => {},
): Promise<Ended> {
  const words = [
    command,
    'failover',
    '--inventory',
    lab.inventory.ops,
    '--cluster',
    'lab',
    '--json',
    ...args,
  ];
  const child = spawn(process.execPath, words, {
    env: { ...process.env, XDG_STATE_HOME: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    onProgress(stderr, child.pid ?? 0);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, answer: stdout === '' ? undefined : (JSON.parse(stdout) as Answer), stderr });
    });
  });
}

/** Acts once, as soon as the lever step is said to be done. */
const whenPulled = (act: (pid: number) => void) => {
  let acted = false;
  return (said: string, pid: number): void => {
    if (acted || !said.includes('  Wait until fw2 is master\n')) return;
    acted = true;
    act(pid);
  };
};

const outcomes = (ended: Ended) => ended.answer?.steps.map((step) => `${step.id} ${step.outcome}`);
const inFile = async (lab: Lab, node: string) => (await lab.exec(node, ['cat', handoverFile])).stdout.trim();
const audited = () =>
  readFileSync(join(state, 'handover', 'audit.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          kind: string;
          planId: string;
          command?: string[];
          stdin?: string;
          outcome?: string;
        },
    );

describe('failover, where the nodes preempt', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await up();
  });
  afterAll(() => lab.down());
  const tcpFlows = () => lab.traffic.report().flows.filter((flow) => flow.protocol === 'tcp');
  const goOn = async (through: string): Promise<void> => {
    const at = tcpFlows().map((flow) => flow.sent);
    await until(`the flows to go on through ${through}`, () =>
      tcpFlows().every((flow, i) => flow.acknowledged > (at[i] ?? 0)) ? true : undefined,
    );
  };

  test('a dry run shows the plan and sends nothing', async () => {
    await lab.untilInStep();
    const ended = await failover(lab, ['--to', 'fw2', '--dry-run']);
    expect([ended.code, ended.answer?.state, ended.answer?.lever]).toEqual([0, 'planned', 'handover-file']);
    expect(ended.answer?.guards.filter((guard) => guard.result !== 'pass')).toEqual([]);
    expect(ended.answer?.steps[0]?.command).toBe(`echo -100 | /usr/bin/sudo -n /usr/bin/tee ${handoverFile}`);
    expect(await inFile(lab, 'fw1')).toBe('0');
  });

  test('moves the role there and back, and no flow loses a byte', async () => {
    await lab.traffic.start();
    await lab.untilInStep();
    const there = await failover(lab, ['--to', 'fw2', '--confirm', 'lab']);
    expect([there.code, there.answer?.state, there.stderr]).toEqual([0, 'done', expect.any(String)]);
    expect(outcomes(there)).toEqual([
      'lever done',
      'role done',
      'addresses done',
      'commit done',
      'verify done',
    ]);
    expect([await lab.master(), await inFile(lab, 'fw1')]).toEqual(['fw2', '-100']);
    await goOn('fw2');
    await lab.untilInStep();

    const back = await failover(lab, ['--to', 'fw1', '--confirm', 'lab']);
    expect([back.code, back.answer?.state, back.answer?.lever]).toEqual([0, 'done', 'release']);
    expect([await lab.master(), await inFile(lab, 'fw1'), await inFile(lab, 'fw2')]).toEqual([
      'fw1',
      '0',
      '0',
    ]);
    await goOn('fw1');
    const { flows } = await lab.traffic.stop();
    for (const flow of flows.filter(({ protocol }) => protocol === 'tcp'))
      expect(flow).toMatchObject({ lostBytes: 0, alive: true, received: flow.sent });

    const lines = audited().filter((line) => line.planId === there.answer?.planId);
    expect(lines.map((line) => line.kind)).toEqual(['plan', 'execute', 'intent', 'outcome', 'end']);
    expect(lines[2]).toMatchObject({
      stdin: '-100\n',
      command: ['/usr/bin/sudo', '-n', '/usr/bin/tee', handoverFile],
    });
  });

  test('puts the file back when the target does not take over', async () => {
    await lab.untilInStep();
    const halt = whenPulled(() => void lab.exec('fw2', ['pkill', '-STOP', '-x', 'keepalived']));
    const ended = await failover(lab, ['--to', 'fw2', '--confirm', 'lab'], halt);
    await lab.exec('fw2', ['pkill', '-CONT', '-x', 'keepalived']);
    expect([ended.code, ended.answer?.state]).toEqual([2, 'failed']);
    expect(ended.answer?.steps.at(-1)).toMatchObject({ id: 'put-back', outcome: 'done' });
    expect(await inFile(lab, 'fw1')).toBe('0');
    await lab.untilMaster('fw1');
    await syncAgain(lab, 'fw2');
  });

  test('Ctrl-C before the role has moved puts the file back', async () => {
    await lab.untilInStep();
    const interrupt = whenPulled((pid) => void process.kill(pid, 'SIGINT'));
    const ended = await failover(lab, ['--to', 'fw2', '--confirm', 'lab'], interrupt);
    expect([ended.code, ended.answer?.state, await inFile(lab, 'fw1')]).toEqual([4, 'aborted', '0']);
    await lab.untilMaster('fw1');
  });

  test('refuses the master itself, a wrong confirmation, and to go without one', async () => {
    await lab.untilInStep();
    expect((await failover(lab, ['--to', 'fw1', '--confirm', 'lab'])).code).toBe(3);
    expect((await failover(lab, ['--to', 'fw2', '--confirm', 'lib'])).code).toBe(3);
    expect((await failover(lab, ['--to', 'fw2'])).code).toBe(64);
    expect((await failover(lab, ['--to', 'fw7', '--dry-run'])).code).toBe(64);
    expect(await inFile(lab, 'fw1')).toBe('0');
  });

  test('refuses a lever file that others may write', async () => {
    await lab.exec('fw1', ['chmod', '666', handoverFile]);
    const ended = await failover(lab, ['--to', 'fw2', '--confirm', 'lab']);
    await lab.exec('fw1', ['chmod', '644', handoverFile]);
    expect(ended.code).toBe(3);
    expect(ended.answer?.guards.find((guard) => guard.result === 'refuse')?.code).toBe('lever-unsafe');
    expect(await inFile(lab, 'fw1')).toBe('0');
  });

  test('without conntrackd it warns, and when that is accepted the flows break and the report says so', async () => {
    await lab.traffic.start();
    await lab.fault('agent', true, 'all');
    const warned = await failover(lab, ['--to', 'fw2', '--confirm', 'lab']);
    const warnings = warned.answer?.guards
      .filter((guard) => guard.result === 'warn')
      .map((guard) => guard.code);
    expect([warned.code, warnings]).toEqual([3, ['agent-not-running', 'unprotected']]);
    expect(await inFile(lab, 'fw1')).toBe('0');

    const accept = ['--accept', 'agent-not-running,unprotected'];
    const ended = await failover(lab, ['--to', 'fw2', '--confirm', 'lab', ...accept]);
    expect([ended.code, ended.answer?.state]).toEqual([1, 'differs']);
    expect(outcomes(ended)).toEqual([
      'lever done',
      'role done',
      'addresses done',
      'commit differs',
      'verify differs',
    ]);
    await until('the flows to stand still', () =>
      tcpFlows().every((flow) => flow.longestGapMs > 5000) ? true : undefined,
    );
    await lab.traffic.stop();
  });
});

test('failover, where the nodes do not preempt, says that the lever moves nothing and what would help', async () => {
  const lab = await up({ preempt: false });
  try {
    const ended = await failover(lab, ['--to', 'fw2', '--confirm', 'lab']);
    expect(ended.code).toBe(3);
    expect(
      ended.answer?.guards.filter((guard) => guard.result === 'refuse').map((guard) => guard.code),
    ).toEqual(['nopreempt']);
    expect(ended.answer).toMatchObject({ snippet: expect.stringContaining('take the word nopreempt out') });
    expect(await inFile(lab, 'fw1')).toBe('0');
  } finally {
    await lab.down();
  }
});
