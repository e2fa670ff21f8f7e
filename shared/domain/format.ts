import type { CountCoverage } from './cluster-snapshot.ts';
import type { BigInteger } from './connection.ts';
import type { SyncLag } from './sync-lag.ts';

/** Figures as operators read them: thousands separated, with their unit, rounded towards the worse side. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `48210` → `48,210`. Integers that came as strings keep every digit. */
export const formatCount = (value: BigInteger): string =>
  typeof value === 'number' ? grouped.format(value) : value.replace(/\B(?=(\d{3})+$)/g, ',');

/** A rate per second, with a decimal only where it says something: `0.4`, `812`. */
export const formatRate = (perSecond: number): string =>
  perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : grouped.format(perSecond);

/** Bytes in decimal units: `512 B`, `41.2 kB`, `1.3 GB`. */
export function formatBytes(value: BigInteger): string {
  const bytes = Number(value);
  const exponent = bytes < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(bytes) / 3));
  const unit = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'][exponent];
  return exponent === 0 ? `${bytes} B` : `${(bytes / 1000 ** exponent).toFixed(1)} ${unit}`;
}

/** How long something takes or took, from ms: `412 ms`, `3.4 s`, `2 min 5 s`, `1 h 4 min`, `3 d 2 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return formatSpan(Math.floor(ms / 1000));
}

/** Whole seconds in at most two units. */
export function formatSpan(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  const two = (large: string, small: number, unit: string) =>
    small > 0 ? `${large} ${small} ${unit}` : large;
  if (days > 0) return two(`${days} d`, hours, 'h');
  if (hours > 0) return two(`${hours} h`, minutes, 'min');
  if (minutes > 0) return two(`${minutes} min`, seconds % 60, 's');
  return `${seconds} s`;
}

/** `now` within two seconds, since a figure that is read every second is no older than that; then `4 s ago`. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 2) return 'now';
  return `${coarse(seconds)} ago`;
}

const coarse = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : formatSpan(seconds - (seconds % (seconds < 86_400 ? 60 : 3600)));

/** How long a state has lasted, without a count of seconds once it is past a minute. */
export const formatSince = (ms: number): string => coarse(Math.max(0, Math.floor(ms / 1000)));

/** A moment in local time: `2026-11-22 14:02:11`. */
export function formatInstant(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${formatClock(at)}`;
}

/** The time of day: `14:02:11`. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** A share of 1 as a percentage, cut rather than rounded: 0.9999 is `99.9 %`, and only all of it is `100 %`. */
export function formatShare(share: number): string {
  if (share >= 1) return '100 %';
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** Coverage by count: `99.9 % ± 0.2`. Undefined where it is not known. */
export function formatCoverage(coverage: CountCoverage | undefined): string | undefined {
  if (coverage?.value === undefined) return undefined;
  const bar = coverage.errorBar ?? 0;
  return `${formatShare(coverage.value)}${bar > 0 ? ` ± ${(Math.ceil(bar * 1000) / 10).toFixed(1)}` : ''}`;
}

/** `< 1 s` where only a bound is known. */
export function formatLag(lag: SyncLag): string {
  switch (lag.kind) {
    case 'measured':
      return lag.seconds === undefined ? 'unknown' : formatDuration(lag.seconds * 1000);
    case 'below':
      return `< ${lag.seconds === undefined ? '1 s' : formatSeconds(lag.seconds)}`;
    case 'not-measurable':
      return 'not measurable in this mode';
    case 'unknown':
      return 'unknown';
  }
}

const formatSeconds = (seconds: number): string =>
  seconds < 1 ? formatDuration(seconds * 1000) : formatSpan(Math.ceil(seconds));
