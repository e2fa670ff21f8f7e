import { readLogLine } from '../log-line.ts';
import { redact } from '../redact.ts';

/** A line of a log file as it stands there, without passwords. */
export interface FileLine {
  readonly raw: string;
  /** By the node's clock and in the node's zone, read as if that were UTC, ms; absent where it bears no date. */
  readonly wall?: number;
  /** Whether the line says its instant to the ms; else to the second. */
  readonly isExact: boolean;
  /** Behind a zone of its own, `wall` is true UTC. */
  readonly hasZone: boolean;
  readonly program?: string;
  /** It goes on with the message of the line before it. */
  readonly continues: boolean;
}

/** The whole lines of the end of a file: one that is still being written is left out. `modified`: as `FileStamp`. */
export function parseLogFile(stdout: string, modified: number): FileLine[] {
  const lines = stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.trim() !== '');
  let year = new Date(modified + day).getUTCFullYear();
  let month = 11;
  // Backwards, since the year that is not printed is known of the newest line: after January comes December.
  return lines
    .toReversed()
    .map((line): FileLine => {
      const named = monthOf(line);
      if (named !== undefined) {
        if (named > month && named - month > 5) year -= 1;
        month = named;
      }
      const raw = redact(line);
      const { at, program, isPrefixed } = readLogLine(named === undefined ? raw : withYear(raw, year));
      return {
        raw,
        ...(at !== undefined && { wall: at }),
        isExact: /\d:\d\d:\d\d[.,]\d{3}/.test(raw.slice(0, 40)),
        hasZone: /^\S{19,}(?:Z|[+-]\d\d:?\d\d) /.test(raw),
        ...(program !== undefined && { program }),
        continues: !isPrefixed || followsItsError.test(raw),
      };
    })
    .reverse();
}

const day = 86_400_000;
/** conntrackd prints the entry that it could not commit on a line of its own. */
const followsItsError = /^\[?[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} [\d:]{8} \d{4}\]?\t/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const yearless = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d+)?) /;

/** The month of a line in syslog's old form, which prints no year. */
function monthOf(line: string): number | undefined {
  const index = months.indexOf(yearless.exec(line)?.[1] ?? '');
  return index < 0 ? undefined : index;
}

const withYear = (line: string, year: number): string =>
  line.replace(yearless, (_, month: string, dayOfMonth: string, time: string) => {
    const number = String(months.indexOf(month) + 1).padStart(2, '0');
    return `${year}-${number}-${dayOfMonth.padStart(2, '0')}T${time} `;
  });

/** Zones lie on quarters of an hour. */
const quarter = 15 * 60_000;
const tolerance = 2 * 60_000;

/**
 * How far the dates of a file are ahead of UTC, ms: its last line and its stamp come from one clock, and the stamp
 * knows no zone. Undefined where they tell nothing.
 */
export function zoneOf(lines: readonly FileLine[], modified: number): number | undefined {
  const last = lines.findLast((line) => line.wall !== undefined && !line.hasZone);
  if (last?.wall === undefined) return undefined;
  const zone = Math.round((last.wall - modified) / quarter) * quarter;
  const isZone = Math.abs(zone) <= 14 * 3_600_000 && Math.abs(last.wall - modified - zone) <= tolerance;
  return isZone ? zone : undefined;
}
