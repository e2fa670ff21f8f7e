/** One turn of `~SEQ` or `~LST`: the names that hold in it, and their values. */
export type Turn = readonly (readonly [name: string, value: string])[];

/** A line that keepalived reads several times. `rest` may begin with another loop, which turns within this one. */
export interface Loop {
  readonly names: readonly string[];
  readonly turns: Iterable<Turn>;
  readonly rest: string;
}

const integer = (text: string): number =>
  /^[+-]?(?:0x[\da-f]+|\d+)$/i.test(text)
    ? Number.parseInt(text, /^[+-]?0\d/.test(text) ? 8 : undefined)
    : Number.NaN;

function* sequence(name: string, start: number, step: number, end: number, isHex: boolean): Iterable<Turn> {
  for (let value = start; step > 0 ? value <= end : value >= end; value += step)
    yield [[name, value.toString(isHex ? 16 : 10)]];
}

/** `~SEQ(name, [start, [step,]] end) rest`; in `~SEQx` the values are hexadecimal. */
const readSequence = (line: string, substituted: (text: string) => string): Loop | undefined => {
  const [, x, name = '', printed = '', rest = ''] =
    /^~SEQ(x?)\s*\(\s*([^\s,(){}]+)\s*,\s*([^)]*)\)\s*(.*)$/.exec(line) ?? [];
  const [one = Number.NaN, two, three, ...others] = substituted(printed)
    .split(',')
    .map((each) => integer(each.trim()));
  const end = three ?? two ?? one;
  const start = two === undefined ? (one < 0 ? -1 : 1) : one;
  const step = three === undefined || two === undefined ? (start <= end ? 1 : -1) : two;
  const isReadable = name !== '' && others.length === 0 && [start, step, end].every(Number.isSafeInteger);
  if (!isReadable || step === 0 || (start < end && step < 0) || (start > end && step > 0)) return undefined;
  return { names: [name], turns: sequence(name, start, step, end, x === 'x'), rest };
};

const members = (text: string): string[] =>
  text
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((each) => each.trim());

/** `~LST(name, value, value…) rest`, or `~LST({name, name}, {value, value}, …) rest`. */
const readList = (line: string): Loop | undefined => {
  const [, printed = '', values = '', rest = ''] =
    /^~LST\s*\(\s*(\{[^}]*\}|[^\s,(){}]+)\s*,\s*([^)]*)\)\s*(.*)$/.exec(line) ?? [];
  const names = members(printed);
  const sets = (values.match(/\{[^}]*\}|[^\s,{}]+/g) ?? []).map(members);
  if (printed === '' || names.includes('') || sets.length === 0) return undefined;
  return { names, turns: sets.map((set) => names.map((name, at) => [name, set[at] ?? ''] as const)), rest };
};

/** The loop that a line begins with, undefined where it is broken. Grammar: keepalived, lib/parser.c, since 2.0. */
export const readLoop = (line: string, substituted: (text: string) => string): Loop | undefined =>
  line.startsWith('~SEQ') ? readSequence(line, substituted) : readList(line);
