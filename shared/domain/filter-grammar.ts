import { nearest } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { FilterError } from './connection-query.ts';
import type { CoverageClass } from './coverage-class.ts';
import { filterOfLine, filterOfPair } from './filter-pasted.ts';
import { SyntaxProblem, type Token, tokenize } from './filter-tokens.ts';
import {
  type AddressField,
  type FilterPredicate,
  type FilterTree,
  isReplicaOf,
  type NumberField,
  opposite,
  replicasAsked,
  type WordField,
} from './filter-tree.ts';
import { addressRange, comparedRange, numberRange, numberValue } from './filter-values.ts';
import {
  addressFields,
  conntrackOptions,
  type FieldWord,
  numberFields,
  predicates,
  protocolWords,
  replicaWords,
  services,
  stateWords,
  wordFields,
} from './filter-words.ts';

type Field =
  | { readonly kind: 'number'; readonly field: NumberField; readonly word: FieldWord }
  | { readonly kind: 'address'; readonly field: AddressField; readonly word: FieldWord }
  | { readonly kind: 'word'; readonly field: WordField; readonly word: FieldWord };

/** By every name that a field may be typed with. */
export const fieldsByName: ReadonlyMap<string, Field> = new Map<string, Field>(
  [
    ...Object.entries(numberFields).map(([field, word]) => ({ kind: 'number', field, word }) as Field),
    ...Object.entries(addressFields).map(([field, word]) => ({ kind: 'address', field, word }) as Field),
    ...Object.entries(wordFields).map(([field, word]) => ({ kind: 'word', field, word }) as Field),
  ].flatMap((field) => field.word.names.map((name) => [name, field] as const)),
);

const operators: Readonly<Record<string, string>> = {
  ...{ '==': '==', '=': '==', eq: '==', '!=': '!=', ne: '!=', in: 'in', contains: 'contains' },
  ...{ '<': '<', lt: '<', '<=': '<=', le: '<=', '>': '>', gt: '>', '>=': '>=', ge: '>=' },
};

/** Deeper than anybody types, and far from where the stack would end. */
const deepest = 200;

/**
 * Reads a filter. `and` may be left out between terms; upper and lower case are the same; words as in Wireshark and as
 * conntrack prints them:
 *
 *     filter  := or ;  or := and (("or" | "||") and)* ;  and := not (["and" | "&&"] not)* ;  not := ("not" | "!") not | term
 *     term    := "(" or ")" | field operator value | option value | field "in" set | replica ["on" node] | predicate | service
 *              | protocol | state | text
 *     set     := "{" value ("," value)* "}" | value ;  value of a set: one, a range `a-b`, or a network `a/n`
 *
 * Text is found anywhere in a connection's addresses, ports (`10.1.2.3:22`), protocol, state and flags. A whole line of
 * conntrack's means its connection ({@link filterOfLine}), and a pair what goes between them ({@link filterOfPair}).
 */
export function parseFilter(text: string): Result<FilterTree, FilterError> {
  const told = filterOfLine(text) ?? filterOfPair(text);
  const pasted = told === undefined ? undefined : parseWords(told);
  return pasted?.ok ? pasted : parseWords(text);
}

function parseWords(text: string): Result<FilterTree, FilterError> {
  const tokens = tokenize(text);
  if (tokens.length === 0) return ok({ kind: 'all' });
  try {
    return ok(new Grammar(tokens, text.length).filter());
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    const { position, length, message, suggestion } = problem;
    return err({ position, length, message, ...(suggestion !== undefined && { suggestion }) });
  }
}

/**
 * The same for tables of which `compared` slaves are known, undefined where none is: a question about another one is an
 * error, since "not known" would be told as "not replicated".
 */
export function parseTableFilter(
  text: string,
  compared: readonly string[] | undefined,
): Result<FilterTree, FilterError> {
  const tree = parseFilter(text);
  if (!tree.ok) return tree;
  const unknown = replicasAsked(tree.value).find(
    ({ node }) => !compared?.some((slave) => isReplicaOf(node, slave)),
  );
  if (!unknown) return tree;
  const position = unknown.node === undefined ? 0 : Math.max(0, text.lastIndexOf(unknown.node));
  const length = unknown.node?.length ?? text.length;
  const message =
    compared && unknown.node !== undefined
      ? `${unknown.node} was not compared with this table, but ${compared.join(', ')} ${compared.length === 1 ? 'was' : 'were'}`
      : 'what slaves hold of these is not known here: compare the nodes first, under Coverage';
  return err({ position, length, message });
}

class Grammar {
  readonly #tokens: readonly Token[];
  readonly #end: { readonly position: number; readonly length: number };
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = { position: end, length: 0 };
  }

  filter(): FilterTree {
    const all = this.#or();
    const rest = this.#peek();
    if (rest) throw new SyntaxProblem(rest, `unexpected "${rest.text}"`);
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

  #accept(...words: readonly string[]): boolean {
    const token = this.#peek();
    if (!token || token.kind === 'quoted' || !words.includes(token.lower)) return false;
    this.#next += 1;
    return true;
  }

  #deeper(read: () => FilterTree): FilterTree {
    this.#depth += 1;
    if (this.#depth > deepest) throw new SyntaxProblem(this.#peek() ?? this.#end, 'nested too deeply');
    const tree = read();
    this.#depth -= 1;
    return tree;
  }

  #or(): FilterTree {
    const parts = [this.#and()];
    while (this.#accept('or', '||')) parts.push(this.#and());
    return joined('or', parts);
  }

  #and(): FilterTree {
    const parts = [this.#not()];
    for (let next = this.#peek(); next; next = this.#peek()) {
      const ends = next.kind !== 'quoted' && [')', 'or', '||'].includes(next.lower);
      if (!this.#accept('and', '&&') && ends) break;
      parts.push(this.#not());
    }
    return joined('and', parts);
  }

  #not(): FilterTree {
    if (!this.#accept('not', '!')) return this.#term();
    return this.#deeper(() => opposite(this.#not()));
  }

  #term(): FilterTree {
    const token = this.#take('a field, a word or "("');
    if (token.kind === 'quoted') return { kind: 'text', text: token.lower };
    if (token.text === '(') {
      const inner = this.#deeper(() => this.#or());
      if (!this.#accept(')')) throw new SyntaxProblem(this.#peek() ?? this.#end, 'expected ")"');
      return inner;
    }
    if (token.kind !== 'word')
      throw new SyntaxProblem(token, `expected a field or a word before "${token.text}"`);
    const option = Object.hasOwn(conntrackOptions, token.lower) ? conntrackOptions[token.lower] : undefined;
    const asked = option === undefined ? undefined : fieldsByName.get(option);
    if (asked) return this.#comparison(asked, this.#operator() ?? '==');
    const operator = this.#operator();
    if (operator === undefined) return this.#word(token);
    const field = fieldsByName.get(token.lower);
    if (!field) throw unknownField(token);
    return this.#comparison(field, operator);
  }

  #operator(): string | undefined {
    const token = this.#peek();
    if (!token || token.kind === 'quoted' || token.kind === 'mark') return undefined;
    const operator = Object.hasOwn(operators, token.lower) ? operators[token.lower] : undefined;
    if (operator !== undefined) this.#next += 1;
    return operator;
  }

  #word({ lower }: Token): FilterTree {
    if (Object.hasOwn(predicates, lower)) return { kind: 'is', predicate: lower as FilterPredicate };
    if (has(protocolWords, lower)) return { kind: 'word', field: 'proto', words: [lower] };
    if (has(stateWords, lower)) return { kind: 'word', field: 'state', words: [lower] };
    const service = Object.hasOwn(services, lower) ? services[lower] : undefined;
    if (service) {
      const ports = service.ports.map((port) => ({ from: port, to: port }));
      return joined('and', [
        { kind: 'word', field: 'proto', words: service.protocols },
        { kind: 'number', field: 'dport', ranges: ports },
      ]);
    }
    if (!has(replicaWords, lower)) return { kind: 'text', text: lower };
    const classes: CoverageClass[] = [lower];
    if (!this.#accept('on')) return { kind: 'replica', classes };
    return { kind: 'replica', classes, node: this.#take('the name of a node').text };
  }

  #comparison(field: Field, operator: string): FilterTree {
    const name = field.word.names[0] ?? '';
    if (operator === 'contains') {
      const text = this.#take(`a value to compare ${name} with`).lower;
      return { kind: 'contains', field: field.field, text };
    }
    const values = this.#values(name, operator === 'in');
    const [first] = values;
    if (field.kind !== 'number' && first && !['==', '!=', 'in'].includes(operator))
      throw new SyntaxProblem(first, `${name} can be compared with ==, != and in only`);
    const fits = fitting(field, operator, values);
    // "!=" is the opposite of "==", so that `port != 443` means that no port is 443
    return operator === '!=' ? opposite(fits) : fits;
  }

  /** One value, or with `in` as many as stand between braces. */
  #values(name: string, isSet: boolean): Token[] {
    const value = () => {
      const token = this.#take(`a value to compare ${name} with`);
      if (token.kind === 'word' || token.kind === 'quoted') return token;
      throw new SyntaxProblem(token, `expected a value to compare ${name} with, found "${token.text}"`);
    };
    if (!isSet || !this.#accept('{')) return [value()];
    const values = [value()];
    while (!this.#accept('}')) {
      this.#accept(',');
      if (!this.#peek()) throw new SyntaxProblem(this.#end, 'expected "}"');
      values.push(value());
    }
    return values;
  }
}

function fitting(field: Field, operator: string, values: readonly Token[]): FilterTree {
  if (field.kind === 'address') {
    const ranges = values.map((each) => addressRange(each, operator === 'in'));
    return { kind: 'address', field: field.field, ranges };
  }
  if (field.kind === 'word')
    return { kind: 'word', field: field.field, words: values.map(({ lower }) => lower) };
  const ranges = values.map((each) =>
    operator === 'in'
      ? numberRange(each, field.word)
      : comparedRange(operator, numberValue(each, field.word)),
  );
  return { kind: 'number', field: field.field, ranges };
}

const joined = (kind: 'and' | 'or', parts: readonly FilterTree[]): FilterTree => {
  const [only] = parts;
  return only && parts.length === 1 ? only : { kind, parts };
};

const has = <T extends string>(words: readonly T[], word: string): word is T =>
  (words as readonly string[]).includes(word);

function unknownField(token: Token): SyntaxProblem {
  const meant = nearest(token.lower, [...fieldsByName.keys()]);
  const known = [...new Set(fieldsByName.values())].map(({ word }) => word.names[0]).join(', ');
  const hint = meant === undefined ? `there are ${known}` : `did you mean ${meant}?`;
  return new SyntaxProblem(token, `no field "${token.text}"; ${hint}`, meant);
}
