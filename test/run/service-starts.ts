import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** invoke-rc.d and deb-systemd-invoke ask this program before they start, stop or restart a service. */
const POLICY = '/usr/sbin/policy-rc.d';
const MARK = '# Handover: no service is started while its test packages are installed.';
/** 101 is invoke-rc.d's "action not allowed". */
const REFUSAL = `#!/bin/sh\n${MARK}\nexit 101\n`;

/**
 * Does the work while no package may start, stop or restart a service of this machine. What stood at the policy's path
 * is moved aside and moved back, so that its owner, mode, times and link are what they were; also when the work throws
 * and when the process exits in the middle. What a killed run left behind is put right by the next one.
 *
 * @param path where the policy lives; another path only in tests
 */
export async function withServiceStartsBlocked<T>(work: () => Promise<T>, path = POLICY): Promise<T> {
  const aside = `${path}.handover-aside`;
  const putBack = () => {
    if (isOurs(path)) rmSync(path);
    if (exists(aside) && !exists(path)) renameSync(aside, path);
  };
  putBack();
  process.once('exit', putBack);
  try {
    if (exists(path)) renameSync(path, aside);
    writeFileSync(path, REFUSAL, { mode: 0o755, flag: 'wx' });
    return await work();
  } finally {
    putBack();
    process.off('exit', putBack);
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const isOurs = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path, 'utf8').includes(MARK);
