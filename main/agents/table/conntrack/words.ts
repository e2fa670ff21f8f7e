/** A blank-separated word of a line, or the inside of a bracket: `[active since 4s]` is one. */
export interface Word {
  readonly text: string;
  readonly bracketed: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals colour pasted lines with these
const ansi = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

const isBlank = (code: number): boolean => code <= 32 || code === 0xa0;

/** Where the bracket that opens at `start` closes; -1 where it does not, or where another opens or a tuple begins first. */
const closing = (line: string, start: number): number => {
  const end = line.indexOf(']', start);
  const inside = line.slice(start + 1, end === -1 ? undefined : end);
  if (inside.includes('[') || inside.includes('src=')) return -1;
  return end === -1 ? line.length : end;
};

/** Splits on blanks of any kind and number. A bracket cut off by the end of the line still counts as one. */
export const words = (coloured: string): Word[] => {
  const line = coloured.includes('\u001b') ? coloured.replace(ansi, '') : coloured;
  const found: Word[] = [];
  let position = 0;
  while (position < line.length) {
    if (isBlank(line.charCodeAt(position))) {
      position += 1;
      continue;
    }
    const end = line[position] === '[' ? closing(line, position) : -1;
    if (end !== -1) {
      found.push({ text: line.slice(position + 1, end), bracketed: true });
      position = end + 1;
      continue;
    }
    let stop = position + 1;
    while (stop < line.length && !isBlank(line.charCodeAt(stop))) stop += 1;
    found.push({ text: line.slice(position, stop), bracketed: false });
    position = stop;
  }
  return found;
};
