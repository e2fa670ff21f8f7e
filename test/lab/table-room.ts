/** Room for a table that is larger than this machine's kernel would hold. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The settings, which only the first network namespace can change, and which hold for the tables of all. */
const settings = ['nf_conntrack_buckets', 'nf_conntrack_max'] as const;
const kernelFolder = '/proc/sys/net/netfilter';

export interface TableRoom {
  /** Puts the settings back; fails where that did not work. */
  close(): Promise<void>;
}

/**
 * The last words of whoever makes the room: it waits for its input to end, which it does when that process ends in any way
 * at all, SIGKILL too, puts back what was there, and looks whether it is while it still has its turn. In a session of its
 * own no Ctrl-C reaches it. One at a time: who comes next would else take the room of the one before for what was there.
 */
const guard = `trap '' INT TERM HUP
exec 9<"$1" && flock 9 || exit 1
buckets=$(cat "$1/nf_conntrack_buckets") && max=$(cat "$1/nf_conntrack_max") || exit 1
echo ready
cat >/dev/null
echo "$buckets" >"$1/nf_conntrack_buckets" && echo "$max" >"$1/nf_conntrack_max" &&
  test "$(cat "$1/nf_conntrack_buckets") $(cat "$1/nf_conntrack_max")" = "$buckets $max"`;

/** Lets every table of this machine hold `entries`, and puts the settings back at `close`, or when this process ends. */
export async function makeTableRoom(entries: number, folder = kernelFolder): Promise<TableRoom> {
  const watch = spawn('/bin/sh', ['-c', guard, 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(watch, 'exit');
  await Promise.race([
    once(watch.stdout, 'data'),
    ended.then(() => {
      throw new Error('the guard of the settings did not start');
    }),
  ]);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  const before = settings.map((name) => [name, read(name)] as const);
  const close = async () => {
    watch.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`${folder}: the settings could not be put back`);
  };
  const wanted = { nf_conntrack_buckets: 2 ** Math.floor(Math.log2(entries)), nf_conntrack_max: entries };
  try {
    for (const [name, was] of before)
      if (Number(was) < wanted[name]) writeFileSync(join(folder, name), `${wanted[name]}\n`);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}
