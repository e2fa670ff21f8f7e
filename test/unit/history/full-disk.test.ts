import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWith, ownMounts, smallDisk } from '../needs.ts';
import { temporaryFile } from './made-up.ts';

describeWith([smallDisk], 'a full disk', () => {
  it('stops the writing with a message, not the reading; what waited is written once there is room', () => {
    const disk = dirname(temporaryFile());
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" "$3" "$1"';
    const writer = fileURLToPath(new URL('./full-disk-writer.ts', import.meta.url));
    const said = execFileSync(
      'unshare',
      [...ownMounts, 'sh', '-c', script, 'sh', disk, process.execPath, writer],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(said)).toEqual({
      full: {
        notices: [
          expect.stringMatching(
            /^Since 2026-06-01T12:\S+ the history is not written: the disk is full\. What is there can still be read\.$/,
          ),
        ],
        shown: 180,
      },
      roomy: { notices: [], shown: 240 },
      restarted: { notices: [], shown: 240 },
    });
  });
});
