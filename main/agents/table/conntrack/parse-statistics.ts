import type { BigInteger } from '../../../../shared/domain/connection.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { parseBigInteger, parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';

/** Counters of one processor since boot, by the kernel's own names, which differ between versions. All wrap at 2^32. */
export interface CpuStatistics {
  readonly cpu: number;
  readonly [counter: string]: BigInteger;
}

/** One dump of `conntrack -S` or /proc/net/stat/nf_conntrack, or the lone number of `conntrack -C`. */
export interface ConntrackStatistics {
  /** Entries in the whole table; `conntrack -S` does not tell. */
  readonly entries?: BigInteger;
  readonly cpus: readonly CpuStatistics[];
  /** Where counters come without a processor, as conntrack before 1.0 summed them. */
  readonly totals?: Readonly<Record<string, BigInteger>>;
}

interface Draft {
  entries?: BigInteger;
  readonly cpus: CpuStatistics[];
  totals?: Record<string, BigInteger>;
}

const expected =
  "conntrack's counters: cpu=N key=value…, a count, or a header of names above rows of hexadecimal numbers";

/** Every dump in the text, in order, and in its place every line that belongs to none. */
export const parseConntrackStatistics = (text: string): Result<ConntrackStatistics, ParseError>[] => {
  const results: Result<ConntrackStatistics, ParseError>[] = [];
  let dump: Draft | undefined;
  let columns: readonly string[] = [];
  const begin = (): Draft => {
    const draft: Draft = { cpus: [] };
    dump = draft;
    results.push(ok(draft));
    return draft;
  };

  const readLine = (line: string): boolean => {
    const words = line.split(/\s+/);
    const [first = '', second = ''] = words;
    const cpu = /^cpu=(\d+)$/.exec(first)?.[1];
    if (cpu !== undefined) {
      const counters: Record<string, BigInteger> = {};
      for (const word of words.slice(1)) {
        const [key = '', value = ''] = word.split('=', 2);
        const count = parseBigInteger(value);
        if (!/^[a-z]/i.test(key) || count === undefined) return false;
        counters[key] = count;
      }
      const isNext =
        dump !== undefined && columns.length === 0 && !dump.cpus.some((known) => known.cpu === Number(cpu));
      columns = [];
      (isNext && dump !== undefined ? dump : begin()).cpus.push({ cpu: Number(cpu), ...counters });
      return true;
    }
    if (words.length > 2 && first === 'entries' && words.every((word) => /^[a-z]\w*$/i.test(word))) {
      columns = words;
      begin();
      return true;
    }
    if (dump !== undefined && columns.length > 0 && words.length === columns.length && words.every(isHex)) {
      const counters = Object.fromEntries(
        columns.map((name, index) => [name, Number.parseInt(words[index] ?? '', 16)]),
      );
      const { entries, ...own } = counters;
      if (entries !== undefined) dump.entries = entries;
      dump.cpus.push({ cpu: dump.cpus.length, ...own });
      return true;
    }
    const count = parseBigInteger(words.length === 1 ? first : second);
    if (count === undefined || words.length > 2) return false;
    columns = [];
    if (words.length === 1) begin().entries = count;
    else if (!/^[a-z]\w*$/i.test(first)) return false;
    else if (first === 'entries') begin().entries = count;
    else {
      const open = dump ?? begin();
      open.totals = { ...open.totals, [first]: count };
    }
    return true;
  };

  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || readLine(trimmed)) continue;
    results.push(err(parseError(index + 1, line.replace(/\r$/, ''), expected)));
  }
  return results;
};

const isHex = (word: string): boolean => /^[0-9a-f]{8,16}$/i.test(word);

/** The number that `conntrack -C` prints, or that a file of /proc/sys holds. */
export const parseCount = (stdout: string): Result<number, ParseError> => {
  const count = parseInteger(stdout.trim());
  return count === undefined ? err(parseError(1, stdout.trim(), 'a number')) : ok(count);
};
