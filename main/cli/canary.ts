import { formatLag } from '../../shared/domain/format.ts';
import { type CliCommand, usageError } from './command.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';

const exitStatus = { seen: 0, unseen: 1, refused: 3 } as const;

export const canary: CliCommand = {
  help: `
Usage: handover canary --cluster C --to NODE [--json] [--inventory FILE]

Measures how far the slave NODE is behind, with one marked entry: writes it into the master's connection table, between
two addresses for documentation (198.51.100.1 and 198.51.100.2), reads NODE's external cache until it is there, at most
20 times, and deletes it by its exact five-tuple. Unattended it ends by itself after ten seconds. Every step stands in
the audit log before it is taken.

The inventory must allow it (canary: true for the cluster), and so must the sudo rules of the nodes (HANDOVER_CANARY in
assets/node/sudoers-handover). It is refused where NODE holds more than 5,000 entries, keeps no external cache, or does
not hear its master, and more than once a minute.

Exit status: 0 measured, 1 written but not seen, 3 refused and nothing was written, 64 wrong usage.

Examples:
  handover canary --cluster edge --to fw2
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      to: { type: 'string' },
      inventory: { type: 'string' },
      json: { type: 'boolean' },
    });
    const wrong = (message: string) => usageError(io, 'canary', message);
    if (!options.ok) return wrong(options.error);
    const { cluster, to, inventory, json = false } = options.value;
    if (cluster === undefined) return wrong('--cluster C is missing');
    if (to === undefined) return wrong('--to NODE is missing');
    const engine = await openEngine({ cluster, inventory, forTable: true }, io);
    if (!engine.ok) return wrong(engine.error);
    try {
      const answer = await engine.value.handlers['lag.canary']({ cluster, node: to });
      if (json) io.stdout.write(`${JSON.stringify(answer)}\n`);
      if (!answer.accepted) {
        if (!json) io.stderr.write(`handover canary: ${answer.reason}\n`);
        return exitStatus.refused;
      }
      const { estimate, removed } = answer;
      if (!json) io.stdout.write(`${to}: lag ${formatLag(estimate)}; ${estimate.note ?? ''}\n`);
      if (!removed)
        io.stderr.write('handover canary: the entry could not be deleted; it ends within ten seconds\n');
      return estimate.kind === 'unknown' ? exitStatus.unseen : exitStatus.seen;
    } finally {
      await engine.value.close();
    }
  },
};
