import { fieldsByName } from './filter-grammar.ts';
import { type Token, tokenize } from './filter-tokens.ts';
import { predicates, protocolWords, replicaWords, services, stateWords } from './filter-words.ts';

/** What may stand at the cursor: `insert` in place of the characters from `from` to `to`. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly help: string;
}

type Offer = readonly [word: string, help: string];

/** More are not read; another letter narrows them. */
const mostOffers = 10;

const joiners: readonly Offer[] = [
  ['and', 'both must fit'],
  ['or', 'one must fit'],
];
const equality: readonly Offer[] = [
  ['==', 'the same'],
  ['!=', 'not the same'],
  ['in', 'one of {a, b, c}'],
  ['contains', 'has this text in it'],
];
const order: readonly Offer[] = [
  ['>', 'more than'],
  ['<', 'less than'],
  ['>=', 'at least'],
  ['<=', 'at most'],
];
const terms: readonly Offer[] = [
  ...[...new Set(fieldsByName.values())].map(({ word }): Offer => [word.names[0] ?? '', word.help]),
  ...Object.entries(predicates),
  ...protocolWords.map((word): Offer => [word, 'the protocol']),
  ...stateWords.map((word): Offer => [word, 'the state']),
  ...Object.entries(services).map(
    ([name, { protocols, ports }]): Offer => [name, `${protocols.join(' or ')}, port ${ports.join(', ')}`],
  ),
  ['not', 'what does not fit'],
];
const values: Readonly<Record<string, readonly Offer[]>> = {
  proto: protocolWords.map((word): Offer => [word, 'a protocol']),
  state: stateWords.map((word): Offer => [word.toUpperCase(), 'a state']),
  family: [
    ['ipv4', 'a family'],
    ['ipv6', 'a family'],
  ],
  flag: ['ASSURED', 'UNREPLIED', 'OFFLOAD', 'HW_OFFLOAD'].map((word): Offer => [word, 'a flag']),
  dport: Object.entries(services).flatMap(([name, { ports }]) =>
    ports.map((port): Offer => [String(port), name]),
  ),
};

/** What may be typed at the cursor, the likeliest first; nothing within quotes. `nodes`: the cluster's, for `missing on`. */
export function complete(
  text: string,
  cursor: number,
  { nodes }: { readonly nodes: readonly string[] },
): readonly Completion[] {
  const before = tokenize(text.slice(0, cursor));
  const last = before.at(-1);
  const touches = last !== undefined && last.position + last.length === cursor;
  // what closes is whole, like a word that is
  if (touches && (last.kind === 'quoted' || last.text === ')' || last.text === '}')) return [];
  const isTyped = touches && last.kind === 'word';
  const prefix = isTyped ? last.lower : '';
  const from = isTyped ? last.position : cursor;
  const offers = offersAfter(isTyped ? before.slice(0, -1) : before, nodes);
  // a whole word is left alone: what is offered would only lie over the table
  if (offers.some(([word]) => word.toLowerCase() === prefix)) return [];
  return offers
    .filter(([word]) => word.toLowerCase().startsWith(prefix))
    .slice(0, mostOffers)
    .map(([insert, help]) => ({ from, to: cursor, insert, help }));
}

function offersAfter(tokens: readonly Token[], nodes: readonly string[]): readonly Offer[] {
  const [previous, earlier] = [tokens.at(-1), tokens.at(-2)];
  if (!previous) return terms;
  if (previous.lower === 'on' && earlier && isReplica(earlier))
    return nodes.map((node): Offer => [node, 'a node of this cluster']);
  const compared = comparedField(tokens);
  if (compared !== undefined) return values[compared === 'port' ? 'dport' : compared] ?? [];
  const field = previous.kind === 'word' ? fieldsByName.get(previous.lower) : undefined;
  if (field && !isComparison(earlier)) return field.kind === 'number' ? [...equality, ...order] : equality;
  if (isReplica(previous)) return [['on', 'names the slave'], ...joiners, ...terms];
  const opens = previous.text === '(' || ['and', 'or', 'not', '&&', '||', '!'].includes(previous.lower);
  return opens ? terms : [...joiners, ...terms];
}

/** The field whose value stands next: after an operator, or within the braces of a set. */
function comparedField(tokens: readonly Token[]): string | undefined {
  const open = tokens.findLastIndex(({ kind, text }) => kind === 'mark' && (text === '{' || text === '}'));
  const isInSet = tokens[open]?.text === '{';
  const operator = isInSet ? open - 1 : tokens.length - 1;
  if (!isComparison(tokens[operator])) return undefined;
  return fieldsByName.get(tokens[operator - 1]?.lower ?? '')?.field;
}

const isComparison = (token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === 'operator' ? !['!', '&&', '||'].includes(token.text) : comparing.has(token.lower)) &&
  token.kind !== 'quoted';

const comparing = new Set(['in', 'contains', 'eq', 'ne', 'lt', 'le', 'gt', 'ge']);

const isReplica = ({ kind, lower }: Token): boolean =>
  kind === 'word' && (replicaWords as readonly string[]).includes(lower);
