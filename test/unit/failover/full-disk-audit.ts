import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../../../main/failover/audit-log.ts';
import { auditReader } from '../../../main/failover/read-audit.ts';

// Runs on a disk of its own, fills it up, makes room again, and prints what became of the audit log meanwhile.
const [, , disk = ''] = process.argv;
const audit = openAuditLog(disk, Date.now);
const entry = (planId: string) =>
  ({ kind: 'intent', cluster: 'edge', planId, detail: 'd'.repeat(3_000) }) as const;

const first = await audit(entry('first'));
const filling = join(disk, 'filling');
for (let size = 4_096; size > 0; ) {
  try {
    writeFileSync(filling, Buffer.alloc(size), { flag: 'a' });
  } catch {
    size = Math.floor(size / 2);
  }
}
const full = [];
for (const planId of ['a', 'b', 'c']) full.push(await audit(entry(planId)));
const endsInLine = readFileSync(join(disk, 'audit.log'), 'utf8').endsWith('\n');
rmSync(filling);
const roomy = await audit(entry('last'));
const read = await auditReader(disk)();
const plans = read.ok ? read.value.map(({ planId }) => planId) : [];
process.stdout.write(JSON.stringify({ first, full, endsInLine, roomy, plans }));
