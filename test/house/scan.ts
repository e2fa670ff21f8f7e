import { parseSync } from 'vite';

export interface Import {
  /** As written, without a `?query`; undefined where it is computed and nobody can read it. */
  readonly from: string | undefined;
  /** What a plain `import { a, b }` takes; undefined for every other form, which may take anything. */
  readonly names: readonly string[] | undefined;
  readonly line: number;
}

export interface Scan {
  readonly imports: readonly Import[];
  /** Every identifier, property name and word of a string or of JSX text, with its line; comments are not read. */
  readonly words: readonly { readonly word: string; readonly line: number }[];
  /** String literals and the literal parts of templates. */
  readonly strings: readonly { readonly text: string; readonly line: number }[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/**
 * Reads one source with the parser that also builds it.
 *
 * @param path decides between TypeScript and TSX
 * @throws where the source does not parse
 */
export function scan(path: string, source: string): Scan {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map((error) => error.message).join('; ')}`);
  const starts = [...source.matchAll(/\n/g)].map((match) => match.index);
  const lineOf = (node: Node) => 1 + starts.filter((at) => at < node.start).length;
  const imports: Import[] = [];
  const words: { word: string; line: number }[] = [];
  const strings: { text: string; line: number }[] = [];

  visit(program, (node) => {
    const imported = importOf(node);
    if (imported !== undefined) {
      imports.push({
        from: imported.text?.replace(/\?.*$/, ''),
        names: namesOf(node),
        line: lineOf(node),
      });
    }
    if (typeof node.name === 'string') words.push({ word: node.name, line: lineOf(node) });
    const text = textOf(node);
    if (text === undefined) return;
    if (node.type !== 'JSXText') strings.push({ text, line: lineOf(node) });
    for (const [word] of text.matchAll(/[\w-]+/g)) words.push({ word, line: lineOf(node) });
  });
  return { imports, words, strings };
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (isNode(value)) {
    see(value);
    for (const child of Object.values(value)) visit(child, see);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The module that a node names: a static, dynamic or type import, a `require`, a worker's `new URL(…, import.meta.url)`. */
function importOf(node: Node): { text: string | undefined } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
    case 'TSExternalModuleReference':
      return { text: literal(node.source ?? node.argument ?? node.expression) };
    case 'ExportNamedDeclaration':
      return node.source ? { text: literal(node.source) } : undefined;
    case 'CallExpression':
      return isName(node.callee, 'require') ? { text: literal(first(node.arguments)) } : undefined;
    case 'NewExpression': {
      const text = literal(first(node.arguments));
      return isName(node.callee, 'URL') && text?.startsWith('.') ? { text } : undefined;
    }
    default:
      return undefined;
  }
}

function namesOf(node: Node): string[] | undefined {
  if (node.type !== 'ImportDeclaration' || !Array.isArray(node.specifiers)) return undefined;
  const names = node.specifiers.map((specifier) =>
    isNode(specifier) && isNode(specifier.imported) ? specifier.imported.name : undefined,
  );
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
}

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);
const isName = (value: unknown, name: string): boolean =>
  isNode(value) && value.type === 'Identifier' && value.name === name;

function literal(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'TSLiteralType') return literal(value.literal);
  return value.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' || node.type === 'JSXText') {
    return typeof node.value === 'string' ? node.value : undefined;
  }
  if (node.type !== 'TemplateElement') return undefined;
  const { value } = node;
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
    ? value.cooked
    : undefined;
}
