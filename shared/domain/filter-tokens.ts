/** A word of a filter and where it stands; `position` counts characters from 0. */
export interface Token {
  readonly kind: 'word' | 'operator' | 'mark' | 'quoted';
  /** As typed; of what is quoted, without the quotes. */
  readonly text: string;
  readonly lower: string;
  readonly position: number;
  readonly length: number;
}

/** Where a filter stops making sense. */
export class SyntaxProblem extends Error {
  readonly position: number;
  readonly length: number;
  readonly suggestion: string | undefined;
  constructor(at: { position: number; length: number }, message: string, suggestion?: string) {
    super(message);
    this.position = at.position;
    this.length = at.length;
    this.suggestion = suggestion;
  }
}

/** Quotes keep everything; a quote without an end reaches to the end of the text. */
export function tokenize(text: string): Token[] {
  const pattern = /"([^"]*)"?|(&&|\|\||==|!=|<=|>=|[=<>!])|([(){},])|([^\s(){},"=<>!&|]+|[&|])/g;
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, quoted, operator, mark] = match;
    const kind =
      quoted !== undefined
        ? 'quoted'
        : operator !== undefined
          ? 'operator'
          : mark !== undefined
            ? 'mark'
            : 'word';
    const found = quoted ?? whole;
    tokens.push({
      kind,
      text: found,
      lower: found.toLowerCase(),
      position: match.index,
      length: whole.length,
    });
  }
  return tokens;
}
