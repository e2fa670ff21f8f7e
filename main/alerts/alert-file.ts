import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type KeptAlerts, type KeptByCluster, keptText, readKept } from '../../shared/domain/alert-kept.ts';
import type { Clock } from '../../shared/lib/clock.ts';

/** The alerts that were told, and what was noted on them, over a restart. Nothing here ever throws at its caller. */
export interface AlertFile {
  readonly of: (cluster: string) => KeptAlerts | undefined;
  /** Written a moment later, whole or not at all, and only if it changed. */
  readonly keep: (cluster: string, kept: KeptAlerts) => void;
  readonly forget: (cluster: string) => void;
  /** What the operator should know about where alerts are kept, or why they are not. */
  readonly notices: () => readonly string[];
  readonly close: () => void;
}

/** Alerts that change together are written once (ms). */
const gatherMs = 200;

/** `path`: made on demand with its folder; undefined: nothing outlives this process. A broken file is set aside. */
export function openAlertFile(path: string | undefined, clock: Clock): AlertFile {
  const notices: string[] = [];
  let clusters: KeptByCluster = path === undefined ? {} : read(path, clock, notices);
  let written = keptText(clusters);
  let timer: NodeJS.Timeout | undefined;
  let failed: string | undefined;

  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const text = keptText(clusters);
    if (path === undefined || text === written) return;
    try {
      replace(path, text);
      written = text;
      failed = undefined;
    } catch (cause) {
      failed = `Alerts and their notes are not kept over a restart: ${path} cannot be written: ${textOf(cause)}.`;
    }
  };
  const change = (next: KeptByCluster) => {
    clusters = next;
    timer ??= setTimeout(write, gatherMs).unref();
  };
  return {
    of: (cluster) => (Object.hasOwn(clusters, cluster) ? clusters[cluster] : undefined),
    keep: (cluster, kept) => {
      const calm = kept.alerts.length === 0 && kept.move === undefined;
      if (calm && !Object.hasOwn(clusters, cluster)) return;
      const { [cluster]: before, ...others } = clusters;
      if (before && JSON.stringify(before) === JSON.stringify(kept)) return;
      change(calm ? others : { ...clusters, [cluster]: kept });
    },
    forget: (cluster) => {
      const { [cluster]: _, ...others } = clusters;
      change(others);
    },
    notices: () => (failed === undefined ? notices : [...notices, failed]),
    close: write,
  };
}

function read(path: string, clock: Clock, notices: string[]): KeptByCluster {
  try {
    if (!existsSync(path)) return {};
    const kept = readKept(readFileSync(path, 'utf8'));
    if (kept) return kept;
    const stem = `${path}.aside-${new Date(clock()).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
    let aside = stem;
    for (let next = 2; existsSync(aside); next += 1) aside = `${stem}-${next}`;
    renameSync(path, aside);
    notices.push(`${path} cannot be read as alerts. It was set aside as ${aside}, and a new one was begun.`);
  } catch (cause) {
    notices.push(`${path} cannot be read: ${textOf(cause)}. Alerts of earlier sessions are not known.`);
  }
  return {};
}

/** A reader, and whoever comes after a power failure, sees the old text or the new one. */
function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
