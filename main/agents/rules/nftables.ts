import { type Command, command } from '../command.ts';

/** Every table of the node, those of iptables-nft among them. A big ruleset takes its time: on a channel of its own. */
export const rulesCommand: Command = command(['/usr/sbin/nft', 'list', 'ruleset'], {
  privileged: true,
  deadlineMs: 10_000,
  maxBytes: 2 ** 24,
});

interface Block {
  readonly head: string;
  readonly body: (string | Block)[];
}

/**
 * A ruleset without what moves by itself or means nothing: counters, used quotas, handles, what a dynamic set holds, and
 * the order of tables, of what a table holds, and of a set's elements. The order of rules means everything and stays.
 */
export function normaliseRules(text: string): string {
  const lines = text
    .replace(/\belements = \{([^}]*)\}/g, (_, inside: string) => `elements = { ${sorted(inside)} }`)
    .split('\n')
    .map((line) =>
      line.replace(/\s+# handle \d+$/, '').replace(/\bcounter packets \d+ bytes \d+/g, 'counter'),
    )
    .map((line) =>
      line
        .replace(/^\s*packets \d+ bytes \d+$/, '')
        .replace(/ used \d+ \w+/g, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'));
  const root: Block = { head: '', body: [] };
  const open = [root];
  for (const line of lines) {
    const here = open.at(-1) ?? root;
    if (line === '}') {
      if (open.length > 1) open.pop();
    } else if (line.endsWith('{')) {
      const block = { head: line, body: [] };
      here.body.push(block);
      open.push(block);
    } else here.body.push(line);
  }
  return printed(root, 0);
}

const sorted = (elements: string): string =>
  elements
    .split(',')
    .map((each) =>
      each
        .replace(/\s+/g, ' ')
        .replace(/ expires [\dwdhms]+/g, '')
        .replace(/ counter packets \d+ bytes \d+/g, ' counter')
        .trim(),
    )
    .sort()
    .join(', ');

function printed({ head, body }: Block, depth: number): string {
  // what packets put into a set, or take out by time, is no rule
  const moves = body.some(
    (each) => typeof each === 'string' && /^(?:flags .*\bdynamic\b|timeout )/.test(each),
  );
  const kept = body.filter((each) => !(moves && typeof each === 'string' && each.startsWith('elements =')));
  const ordered =
    depth < 2 ? kept.toSorted((a, b) => Number(headOf(a) > headOf(b)) - Number(headOf(a) < headOf(b))) : kept;
  const inner = ordered.map((each) =>
    typeof each === 'string' ? `${'\t'.repeat(depth)}${each}\n` : printed(each, depth + 1),
  );
  const indent = '\t'.repeat(Math.max(0, depth - 1));
  return head === '' ? inner.join('') : `${indent}${head}\n${inner.join('')}${indent}}\n`;
}

const headOf = (part: string | Block): string => (typeof part === 'string' ? part : part.head);
