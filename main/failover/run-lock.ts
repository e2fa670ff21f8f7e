import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../shared/lib/result.ts';

/** Takes the right to move one cluster, for this process alone; the value gives it back. */
export type TakeRunLock = (cluster: string) => Result<() => void, string>;

/**
 * One run a cluster on this machine, whether the window, the browser or the command line started it. SQLite holds the
 * lock because it dies with its process, which a lock file would not.
 */
export function runLocks(stateDir: string): TakeRunLock {
  return (cluster) => {
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(stateDir, { recursive: true, mode: 0o700 });
      database = new DatabaseSync(join(stateDir, `run-${encodeURIComponent(cluster)}.lock`));
      database.exec('BEGIN EXCLUSIVE');
      const held = database;
      return ok(() => held.close());
    } catch (error) {
      database?.close();
      return err(
        isBusy(error)
          ? `Another Handover on this machine is failing ${cluster} over.`
          : `Whether another Handover is failing ${cluster} over cannot be told: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
}

const sqliteBusy = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
