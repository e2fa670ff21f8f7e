import { posix } from 'node:path';
import { agents, longest, machinePath, mayNameDemo, owned, pure, rooms, unheld } from './rules.ts';
import { type Scan, scan } from './scan.ts';

/** The files of a project: path from its root (with `/`) to text; text is empty where nobody reads it. */
export type Tree = ReadonlyMap<string, string>;

/** One sentence a violation, beginning with the place, `main/engine.ts:12`. */
type Check = (house: House) => string[];

interface House {
  readonly tree: Tree;
  readonly scans: ReadonlyMap<string, Scan>;
}

const isSource = (path: string): boolean =>
  /\.(ts|tsx|mts|mjs|js)$/.test(path) && !path.startsWith('test/fixtures/');

/** Reads the sources of a tree, once for all checks. */
export function survey(tree: Tree): House {
  const scans = new Map<string, Scan>();
  for (const [path, text] of tree) if (isSource(path)) scans.set(path, scan(path, text));
  return { tree, scans };
}

export const wrongArrows: Check = ({ scans }) =>
  everyImport(scans).flatMap(({ path, line, from, names }) => {
    if (unheld.test(path)) return [];
    const room = roomOf(path);
    if (room === undefined) return [];
    if (from === undefined) return [`${path}:${line}: imports what nobody can read`];
    if (!from.startsWith('.')) {
      const allowed = room.packages.some((name) =>
        name === 'node:' ? from.startsWith(name) : from === name || from.startsWith(`${name}/`),
      );
      const harmless = room.room.startsWith('main/') && names?.every((name) => pure[from]?.includes(name));
      return allowed || harmless ? [] : [`${path}:${line}: ${room.room} may not import ${from}`];
    }
    const target = resolve(path, from);
    if (target.startsWith(`${room.room}/`) || target === room.room) return [];
    const known = room.knows.some(
      (name) => target === name || roomOf(target)?.room === name || isIn(target, name),
    );
    return known ? [] : [`${path}:${line}: ${room.room} may not know ${target}`];
  });

export const homeless: Check = ({ scans }) =>
  [...scans.keys()]
    .filter((path) => !unheld.test(path) && roomOf(path) === undefined)
    .map((path) => `${path}: lies in no room of the house`);

export const circles: Check = ({ scans }) => {
  const targets = new Map<string, string[]>();
  for (const { path, from } of everyImport(scans)) {
    if (from?.startsWith('.')) targets.set(path, [...(targets.get(path) ?? []), resolve(path, from)]);
  }
  const found: string[] = [];
  const finished = new Set<string>();
  const walk = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0)
      found.push(`${path}: imports itself through ${[...trail.slice(start + 1), path].join(' → ')}`);
    if (start >= 0 || finished.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of targets.keys()) walk(path, []);
  return found;
};

export const demoNamed: Check = ({ scans }) =>
  [...scans].flatMap(([path, { words }]) => {
    if (unheld.test(path) || mayNameDemo.some((allowed) => path.startsWith(allowed.path))) return [];
    return words
      .filter(({ word }) => /demo(?!nstrat|lish|te)/i.test(word))
      .map(
        ({ word, line }) =>
          `${path}:${line}: "${word}": the product may not tell the demo from another cluster`,
      );
  });

export const rawChannels: Check = ({ scans }) =>
  owned.flatMap((name) => {
    const users = [...scans].filter(
      ([path, { words }]) => !unheld.test(path) && words.some(({ word }) => word === name),
    );
    const [first, ...others] = users.map(([path]) => path);
    return others.map((path) => `${path}: ${name} belongs to one file alone, and ${first} uses it too`);
  });

export const tooLong: Check = ({ tree }) =>
  [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n').length - 1;
    const counts = isSource(path) || /\.(css|sh)$/.test(path);
    return counts && lines > longest ? [`${path}: ${lines} lines, more than ${longest}`] : [];
  });

export const machinePaths: Check = ({ tree }) =>
  [...tree].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        machinePath.test(line) ? [`${path}:${index + 1}: names a folder of one machine`] : [],
      ),
  );

export const agentsWithoutProof: Check = ({ tree, scans }) => {
  const programs = new Map<string, string>();
  for (const path of tree.keys()) {
    const program = agents.folder.exec(path);
    if (program?.[1] !== undefined) programs.set(program[1], program[0]);
  }
  const listed = (scans.get(agents.registry)?.imports ?? []).flatMap(({ from }) =>
    from?.startsWith('.') ? [resolve(agents.registry, from)] : [],
  );
  return [...programs].flatMap(([program, folder]) => [
    ...(listed.some((path) => path.startsWith(folder)) ? [] : [`${folder}: not in ${agents.registry}`]),
    ...([...tree.keys()].some((path) => agents.fixtures(program).test(path))
      ? []
      : [`${folder}: no output of ${program} under test/fixtures/${program}/<version>/`]),
  ]);
};

function everyImport(scans: House['scans']) {
  return [...scans].flatMap(([path, { imports }]) => imports.map((found) => ({ path, ...found })));
}

const resolve = (path: string, from: string): string => posix.join(posix.dirname(path), from);
const isIn = (path: string, room: string): boolean => path === room || path.startsWith(`${room}/`);

function roomOf(path: string) {
  return rooms
    .filter(({ room }) => isIn(path, room))
    .toSorted((a, b) => b.room.length - a.room.length)
    .at(0);
}
