import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWith, ownMounts, smallDisk } from '../needs.ts';

describeWith([smallDisk], 'a full disk', () => {
  it('keeps what is to be done from being done: its line in the audit log cannot be written, and the next one is whole', () => {
    const disk = mkdtempSync(join(tmpdir(), 'handover-full-disk-'));
    const script = 'mount -t tmpfs -o size=64k tmpfs "$1" && exec "$2" "$3" "$1"';
    const writer = fileURLToPath(new URL('./full-disk-audit.ts', import.meta.url));
    try {
      const said = execFileSync(
        'unshare',
        [...ownMounts, 'sh', '-c', script, 'sh', disk, process.execPath, writer],
        { encoding: 'utf8' },
      );
      const refused = { ok: false, error: expect.stringContaining('ENOSPC') };
      const { first, full, endsInLine, roomy, plans } = JSON.parse(said);
      expect(first.ok).toBe(true);
      expect(full.at(-1)).toEqual(refused);
      expect(endsInLine, 'the line that did not fit broke off').toBe(false);
      expect(roomy.ok).toBe(true);
      expect([plans.at(0), plans.at(-1)]).toEqual(['first', 'last']);
    } finally {
      rmSync(disk, { recursive: true });
    }
  });
});
