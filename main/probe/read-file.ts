import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Classify } from '../agents/agent.ts';
import { classifyFailure } from '../agents/classify.ts';
import type { Command } from '../agents/command.ts';
import { fileCommand } from '../agents/host/facts.ts';
import { instantOf, type NodeRunner } from './node-runner.ts';

const common: Classify = (command, output, asRoot) => classifyFailure(command, output, asRoot, []);

export interface FileText {
  readonly text: string;
  readonly observedAt: number;
  readonly source: string;
}

/** A file's text as the login may read it, and where it may not, as root. */
export async function readFileText(
  runner: NodeRunner,
  path: string,
): Promise<Result<FileText, { failure: Failure; source: string }>> {
  const plain = await attempt(runner, fileCommand(path));
  const denied = !plain.ok && plain.error.failure.kind === 'no-permission';
  return denied && runner.privileged ? attempt(runner, { ...fileCommand(path), privileged: true }) : plain;
}

async function attempt(runner: NodeRunner, command: Command): ReturnType<typeof readFileText> {
  const source = runner.line(command);
  const result = await runner.poll(command);
  if (!result.ok) return err({ failure: result.error, source });
  const { stdout, exitCode, stderr } = result.value;
  const failure = common(command, result.value, command.privileged && runner.privileged);
  if (failure) return err({ failure, source });
  if (exitCode !== 0) return err({ failure: { kind: 'unreadable', message: stderr.trim() }, source });
  return ok({ text: stdout, observedAt: instantOf(result.value), source });
}
