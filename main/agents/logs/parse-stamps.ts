import { parseSeconds } from '../host/commands.ts';

/** Tells one state of a file from another. `modified`: ms since the epoch, by the node's clock. */
export interface FileStamp {
  readonly inode: string;
  readonly bytes: number;
  readonly modified: number;
}

/** What `stampCommand` printed, by file; one that is not there is absent. */
export const parseStamps = (stdout: string): ReadonlyMap<string, FileStamp> =>
  new Map(
    stdout.split('\n').flatMap((line) => {
      const [name = '', inode = '', bytes = '', seconds = ''] = line.split('\t');
      const modified = parseSeconds(seconds);
      return modified === undefined ? [] : [[name, { inode, bytes: Number(bytes), modified }] as const];
    }),
  );
