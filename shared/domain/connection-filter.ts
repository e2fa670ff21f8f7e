import { err, ok, type Result } from '../lib/result.ts';
import { contains, parseAddress, parseNetwork } from './address.ts';
import type { Connection } from './connection.ts';
import {
  type ConnectionField,
  connectionFields,
  connectionPredicates,
  connectionText,
  type FieldValue,
  findField,
} from './connection-fields.ts';
import type { FilterError } from './connection-query.ts';

export type ConnectionFilter = (connection: Connection) => boolean;

/**
 * Compiles a filter text. Grammar (`and` may be left out between terms; words and operators as in Wireshark):
 *
 *     filter   := or ;  or := and ("or" and)* ;  and := not (["and"] not)* ;  not := "not" not | primary
 *     primary  := "(" or ")" | field operator value | predicate | text
 *     operator := "==" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "contains"
 *
 * A predicate is nat, snat, dnat, assured, unreplied, offloaded. Text is found anywhere in a connection's addresses,
 * ports (`10.1.2.3:22`), protocol, state and flags; quotes keep spaces. Upper and lower case are the same.
 */
export function parseConnectionFilter(text: string): Result<ConnectionFilter, FilterError> {
  const tokens = tokenize(text);
  if (tokens.length === 0) return ok(() => true);
  const parser = new Parser(tokens, text.length);
  try {
    return ok(parser.filter());
  } catch (error) {
    if (error instanceof SyntaxProblem) return err({ position: error.position, message: error.message });
    throw error;
  }
}

interface Token {
  readonly text: string;
  readonly position: number;
  readonly kind: 'word' | 'operator' | 'parenthesis' | 'quoted';
}

class SyntaxProblem extends Error {
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

function tokenize(text: string): Token[] {
  const pattern = /"([^"]*)"?|(&&|\|\||==|!=|<=|>=|[=<>!])|([()])|([^\s()"=<>!]+)/g;
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, quoted, operator, parenthesis] = match;
    const position = match.index;
    if (quoted !== undefined) tokens.push({ text: quoted, position, kind: 'quoted' });
    else if (operator !== undefined) tokens.push({ text: operator, position, kind: 'operator' });
    else if (parenthesis !== undefined) tokens.push({ text: parenthesis, position, kind: 'parenthesis' });
    else tokens.push({ text: whole, position, kind: 'word' });
  }
  return tokens;
}

const wordOperators = new Set(['in', 'contains']);
const comparisons = new Set(['==', '=', '!=', '<', '<=', '>', '>=']);

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  filter(): ConnectionFilter {
    const all = this.#or();
    const rest = this.#peek();
    if (rest) throw new SyntaxProblem(rest.position, `unexpected "${rest.text}"`);
    return all;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(what: string): Token {
    const token = this.#peek();
    if (!token) throw new SyntaxProblem(this.#end, `expected ${what}`);
    this.#next += 1;
    return token;
  }

  #accept(...words: string[]): boolean {
    const token = this.#peek();
    if (!token || token.kind === 'quoted' || !words.includes(token.text.toLowerCase())) return false;
    this.#next += 1;
    return true;
  }

  #or(): ConnectionFilter {
    const left = this.#and();
    if (!this.#accept('or', '||')) return left;
    const right = this.#or();
    return (connection) => left(connection) || right(connection);
  }

  #and(): ConnectionFilter {
    const left = this.#not();
    const joined = this.#accept('and', '&&');
    const next = this.#peek();
    if (!joined && (!next || next.text === ')' || ['or', '||'].includes(next.text.toLowerCase())))
      return left;
    const right = this.#and();
    return (connection) => left(connection) && right(connection);
  }

  #not(): ConnectionFilter {
    if (!this.#accept('not', '!')) return this.#primary();
    const inner = this.#not();
    return (connection) => !inner(connection);
  }

  #primary(): ConnectionFilter {
    const token = this.#take('a field, a word or "("');
    if (token.kind === 'operator' || token.text === ')') {
      throw new SyntaxProblem(token.position, `expected a field or a word before "${token.text}"`);
    }
    if (token.text === '(' && token.kind === 'parenthesis') {
      const inner = this.#or();
      if (!this.#accept(')')) throw new SyntaxProblem(this.#peek()?.position ?? this.#end, 'expected ")"');
      return inner;
    }
    const operator = token.kind === 'word' ? this.#operator() : undefined;
    if (operator) return this.#comparison(token, operator);
    const word = token.text.toLowerCase();
    const predicate = Object.hasOwn(connectionPredicates, word) ? connectionPredicates[word] : undefined;
    if (predicate && token.kind === 'word') return predicate;
    return (connection) => connectionText(connection).includes(word);
  }

  #operator(): string | undefined {
    const token = this.#peek();
    if (!token) return undefined;
    const is =
      token.kind === 'operator'
        ? comparisons.has(token.text)
        : token.kind === 'word' && wordOperators.has(token.text.toLowerCase());
    if (!is) return undefined;
    this.#next += 1;
    return token.text.toLowerCase();
  }

  #comparison(name: Token, operator: string): ConnectionFilter {
    const field = findField(name.text);
    if (!field) {
      const known = connectionFields.map((each) => each.names[0]).join(', ');
      throw new SyntaxProblem(name.position, `no field "${name.text}"; there are ${known}`);
    }
    const value = this.#take(`a value to compare ${name.text} with`);
    // "!=" is the opposite of "==", so that `port != 443` means that no port is 443.
    const test = compare(field, operator === '!=' ? '==' : operator, value);
    const some: ConnectionFilter = (connection) =>
      field.read(connection).some((each) => each !== undefined && test(each));
    return operator === '!=' ? (connection) => !some(connection) : some;
  }
}

function compare(field: ConnectionField, operator: string, value: Token): (found: FieldValue) => boolean {
  if (operator === 'contains') {
    const part = value.text.toLowerCase();
    return (found) => String(found).toLowerCase().includes(part);
  }
  if (operator === 'in' || (field.kind === 'address' && value.text.includes('/'))) {
    const network = parseNetwork(value.text);
    if (!network || field.kind !== 'address') {
      throw new SyntaxProblem(
        value.position,
        `expected a network such as 10.1.0.0/16, found "${value.text}"`,
      );
    }
    return (found) => {
      const address = parseAddress(String(found));
      return address !== undefined && contains(network, address);
    };
  }
  if (field.kind === 'number') return compareNumbers(operator, value);
  if (!['==', '='].includes(operator)) {
    throw new SyntaxProblem(value.position, `${field.names[0]} can be compared with == and != only`);
  }
  const wanted = value.text.toLowerCase();
  return field.kind === 'address' ? sameAddress(value) : (found) => String(found).toLowerCase() === wanted;
}

function sameAddress(value: Token): (found: FieldValue) => boolean {
  const wanted = parseAddress(value.text);
  if (!wanted) throw new SyntaxProblem(value.position, `expected an address, found "${value.text}"`);
  return (found) => {
    const address = parseAddress(String(found));
    return address?.bits === wanted.bits && address.value === wanted.value;
  };
}

function compareNumbers(operator: string, value: Token): (found: FieldValue) => boolean {
  const match = /^(\d+(?:\.\d+)?|0x[0-9a-f]+)([kmg]?)$/i.exec(value.text);
  if (!match) throw new SyntaxProblem(value.position, `expected a number, found "${value.text}"`);
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9 }[(match[2] ?? '').toLowerCase()] ?? 1;
  const wanted = Number(match[1]) * factor;
  switch (operator) {
    case '<':
      return (found) => Number(found) < wanted;
    case '<=':
      return (found) => Number(found) <= wanted;
    case '>':
      return (found) => Number(found) > wanted;
    case '>=':
      return (found) => Number(found) >= wanted;
    default:
      return (found) => Number(found) === wanted;
  }
}
