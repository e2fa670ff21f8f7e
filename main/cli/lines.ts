import type { Readable } from 'node:stream';

/** A line longer than this is no program's output: what follows of it is dropped rather than kept in memory. */
const longestLine = 1 << 20;

interface LineBatch {
  readonly lines: readonly string[];
  /** The piece ended with a line: nothing of another has come yet. */
  readonly endsWithLine: boolean;
}

/** The lines of a stream without their ends (LF or CRLF), a batch for each piece that arrives. */
export async function* lineBatches(stream: Readable): AsyncGenerator<LineBatch> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    yield { lines: lines.map(withoutReturn), endsWithLine: rest === '' };
  }
  rest += decoder.decode();
  if (rest !== '') yield { lines: [withoutReturn(rest)], endsWithLine: true };
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
