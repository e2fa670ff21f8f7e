import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCluster, clusterEntry, removeCluster } from '../../../main/inventory/edit.ts';
import { loadAlertCommand, loadInventory } from '../../../main/inventory/load.ts';
import { replaceFile } from '../../../main/inventory/replace-file.ts';
import type { ClusterDefinition } from '../../../shared/domain/cluster.ts';
import fc from '../../support/fast-check.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-edit-'));
  path = join(folder, 'clusters.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const spare = { name: 'spare', nodes: [{ name: 'n1', host: '10.9.0.1' }] };
const text = () => readFileSync(path, 'utf8');
const names = (): string[] => {
  const loaded = loadInventory(path);
  return loaded.ok ? loaded.value.map(({ name }) => name) : [loaded.error.message];
};

const handWritten = `# Firewalls of the north
clusters:
    # Berlin: ask Kim before touching it
    - name: "berlin"   # the old hall
      environment:   production

      nodes:
          - {name: fw1,   host: 10.0.0.1}
          # - {name: fw9, host: 10.0.0.9}
    # about all that follows

    # Hamburg
    # has one node
    -
      name: hamburg
      nodes: [{name: a, host: 10.1.0.1}]
    - name: kiel
      nodes:
          - {name: a, host: 10.2.0.1}
          # kiel gets a second one
# end of the north
`;

describe('adding a cluster', () => {
  it('makes the file and its folder where there is none, readable by its owner alone', () => {
    path = join(folder, 'new', 'clusters.yaml');
    expect(addCluster(path, spare)).toEqual({ ok: true, value: undefined });
    expect(text()).toBe('clusters:\n  - name: spare\n    nodes:\n      - { name: n1, host: 10.9.0.1 }\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves every byte of the operator in its place', () => {
    writeFileSync(path, handWritten);
    expect(addCluster(path, spare).ok).toBe(true);
    expect(text()).toBe(
      `${handWritten}    - name: spare\n      nodes:\n        - { name: n1, host: 10.9.0.1 }\n`,
    );
    expect(names()).toEqual(['berlin', 'hamburg', 'kiel', 'spare']);
  });

  it('writes nodes in lines where the operator does, and ends lines as the operator does', () => {
    const before = 'clusters:\r\n- name: a\r\n  nodes:\r\n  - name: n\r\n    host: h';
    writeFileSync(path, before);
    expect(addCluster(path, spare).ok).toBe(true);
    expect(text()).toBe(
      `${before}\r\n- name: spare\r\n  nodes:\r\n    - name: n1\r\n      host: 10.9.0.1\r\n`,
    );
  });

  it.each([
    ['', 'clusters:\n  - name: spare\n'],
    ['# soon\n', '# soon\nclusters:\n  - name: spare\n'],
    ['clusters:\n  # all gone\n', 'clusters:\n  # all gone\n  - name: spare\n'],
    ['clusters: [] # none\n', '# none\n'],
    ['---\nclusters: [{ name: a, nodes: [{ name: n, host: h }] }]\n...\n', 'clusters: ['],
    ['clusters:\n  - name: a # why\n    nodes: [{ name: n, host: h }]\n...\n', '- name: a # why\n'],
    ['clusters: ~ # none\n', 'clusters:\n  # none\n  - name: spare\n'],
    ['---\n', 'clusters:\n  - name: spare\n'],
  ])('works on a file that reads %j', (before, kept) => {
    writeFileSync(path, before);
    const had = names();
    expect(addCluster(path, spare)).toEqual({ ok: true, value: undefined });
    expect(names()).toEqual([...had, 'spare']);
    expect(text()).toContain(kept);
  });

  it('puts it into the list where something else follows, and keeps what follows', () => {
    const follows = '\n# who is told\nalerts:\n  command: [/usr/local/bin/page]  # at night\n';
    writeFileSync(path, `${handWritten}${follows}`);
    expect(addCluster(path, spare).ok).toBe(true);
    expect(names()).toEqual(['berlin', 'hamburg', 'kiel', 'spare']);
    expect(text().endsWith(follows)).toBe(true);
    expect(text()).toContain('# Berlin: ask Kim before touching it');
    expect(removeCluster(path, 'spare').ok && removeCluster(path, 'kiel').ok).toBe(true);
    expect(text()).toContain('alerts:\n  command: [/usr/local/bin/page]  # at night\n');
    expect(loadAlertCommand(path)).toMatchObject({ value: { argv: ['/usr/local/bin/page'] } });
  });

  it.each([
    'alerts: { command: [/usr/local/bin/page] }\n',
    'clusters:\nalerts: { command: [/usr/local/bin/page] }\n',
    'clusters: []\nalerts: { command: [/usr/local/bin/page] }\n',
  ])('loses nothing of %j', (before) => {
    writeFileSync(path, before);
    expect(addCluster(path, spare)).toEqual({ ok: true, value: undefined });
    expect(names()).toEqual(['spare']);
    expect(loadAlertCommand(path)).toMatchObject({ value: { argv: ['/usr/local/bin/page'] } });
  });

  it.each([
    [{ ...spare, name: 'berlin' }, 'clusters[3].name'],
    [{ name: 'x', nodes: [{ name: 'n', host: '-v' }] }, 'clusters[3].nodes[0].host'],
    [{ name: 'x', nodes: [] }, 'clusters[3].nodes'],
  ])('refuses %j and writes nothing', (entry, where) => {
    writeFileSync(path, handWritten);
    expect(addCluster(path, entry)).toMatchObject({ ok: false, error: { path: where } });
    expect(text()).toBe(handWritten);
  });

  it('refuses to touch a file that it cannot understand', () => {
    writeFileSync(path, 'clusters: [\n');
    expect(addCluster(path, spare)).toMatchObject({ ok: false, error: { line: 2, expected: 'valid YAML' } });
    expect(text()).toBe('clusters: [\n');
  });

  it('takes the form of the console, lever files and all', () => {
    const entry = clusterEntry({ ...spare, handoverFile: '/var/lib/handover/handover' });
    expect(addCluster(path, entry).ok).toBe(true);
    expect(loadInventory(path)).toMatchObject({
      value: [{ takeover: { kind: 'keepalived', handoverFile: '/var/lib/handover/handover' } }],
    });
  });
});

describe('removing a cluster', () => {
  it.each(['berlin', 'hamburg', 'kiel'])('%s takes its own lines and comments, and no other byte', (name) => {
    writeFileSync(path, handWritten);
    expect(removeCluster(path, name)).toEqual({ ok: true, value: undefined });
    expect(names()).toEqual(['berlin', 'hamburg', 'kiel'].filter((each) => each !== name));
    const gone = {
      berlin: ['    # Berlin', '    # about all'],
      hamburg: ['    # Hamburg', '    - name: kiel'],
      kiel: ['    - name: kiel', '# end'],
    }[name];
    const [from = '', to = ''] = gone ?? [];
    expect(text()).toBe(
      handWritten.slice(0, handWritten.indexOf(from)) + handWritten.slice(handWritten.indexOf(to)),
    );
  });

  it('undoes what adding did', () => {
    writeFileSync(path, handWritten);
    expect(addCluster(path, spare).ok && removeCluster(path, 'spare').ok).toBe(true);
    expect(text()).toBe(handWritten);
  });

  it('leaves a file to which a cluster can be added again when the last one goes', () => {
    expect(addCluster(path, spare).ok && removeCluster(path, 'spare').ok).toBe(true);
    expect(names()).toEqual([]);
    expect(addCluster(path, spare).ok).toBe(true);
    expect(names()).toEqual(['spare']);
  });

  it('works on a list in brackets', () => {
    writeFileSync(
      path,
      'clusters: [{ name: a, nodes: [{ name: n, host: h }] }, { name: b, nodes: [{ name: n, host: h }] }] # both\n',
    );
    expect(removeCluster(path, 'a').ok).toBe(true);
    expect(names()).toEqual(['b']);
    expect(text()).toContain('# both');
  });

  it('refuses where another cluster uses a part of the removed one', () => {
    const shared =
      'clusters:\n  - name: a\n    nodes: &n [{ name: n, host: h }]\n  - name: b\n    nodes: *n\n';
    writeFileSync(path, shared);
    expect(removeCluster(path, 'a')).toMatchObject({ ok: false, error: { expected: 'an edit by hand' } });
    expect(text()).toBe(shared);
  });

  it('refuses a name that is not there', () => {
    writeFileSync(path, handWritten);
    expect(removeCluster(path, 'munich')).toMatchObject({ ok: false, error: { file: path } });
  });
});

describe('writing the file', () => {
  it('keeps its mode and leaves nothing beside it', () => {
    writeFileSync(path, handWritten);
    chmodSync(path, 0o640);
    expect(addCluster(path, spare).ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['clusters.yaml']);
  });

  it('follows a symbolic link instead of putting a file in its place', () => {
    const real = join(folder, 'real.yaml');
    writeFileSync(real, handWritten);
    symlinkSync(real, path);
    expect(addCluster(path, spare).ok).toBe(true);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('spare');
  });

  it('refuses where somebody else wrote since it was read', () => {
    writeFileSync(path, 'theirs');
    expect(replaceFile(path, 'what we read', 'ours')).toEqual({ ok: false, error: { kind: 'changed' } });
    expect(text()).toBe('theirs');
    expect(replaceFile(path, undefined, 'ours')).toEqual({ ok: false, error: { kind: 'changed' } });
    expect(text()).toBe('theirs');
    expect(readdirSync(folder)).toEqual(['clusters.yaml']);
  });

  it('says so where the place cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const below = join(folder, 'file', 'clusters.yaml');
    expect(addCluster(below, spare)).toMatchObject({ ok: false, error: { file: below } });
    expect(existsSync(below)).toBe(false);
  });
});

describe('any definition', () => {
  const name = fc.stringMatching(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,20}[\p{L}\p{N}])?$/u);
  const file = fc.stringMatching(/^\/[ -~äß]{0,30}[^\s/]$/).filter((value) => !/\p{Cc}/u.test(value));
  const optional = { requiredKeys: undefined };
  const node = fc.record(
    {
      name,
      host: fc.oneof(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,40}$/), fc.ipV4(), fc.ipV6()),
      port: fc.integer({ min: 1, max: 65_535 }),
      user: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,20}$/),
      identityFile: file,
      knownHostsFile: file,
      sudo: fc.boolean(),
    },
    { ...optional, requiredKeys: ['name', 'host', 'port', 'user', 'knownHostsFile', 'sudo'] },
  );
  const definition: fc.Arbitrary<ClusterDefinition> = fc.record(
    {
      name,
      environment: fc.constantFrom('production', 'staging', 'lab'),
      demo: fc.boolean(),
      agent: fc.record({ kind: fc.constant('conntrackd'), config: file }),
      takeover: fc.record(
        {
          kind: fc.constant('keepalived'),
          pidFile: file,
          handoverFile: file,
          maintenanceFile: file,
        },
        { requiredKeys: ['kind', 'pidFile'] },
      ),
      nodes: fc.uniqueArray(node, { minLength: 1, maxLength: 4, selector: (each) => each.name }),
    },
    { requiredKeys: ['name', 'agent', 'takeover', 'nodes'] },
  );

  it('is the same when it has been written and read again', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(definition, { minLength: 1, maxLength: 3, selector: (each) => each.name }),
        (definitions) => {
          rmSync(path, { force: true });
          for (const each of definitions)
            expect(addCluster(path, each)).toEqual({ ok: true, value: undefined });
          expect(loadInventory(path)).toEqual({ ok: true, value: definitions });
        },
      ),
      { numRuns: 60 },
    );
  });
});
