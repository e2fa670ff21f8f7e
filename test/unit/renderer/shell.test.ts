import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { hashToRoute, type Route, routeToHash } from '../../../renderer/client/route.ts';
import { commandsOf, searchCommands } from '../../../renderer/components/commands.ts';
import {
  emptyForm,
  emptyNode,
  problemsOf,
  toDraft,
} from '../../../renderer/views/add-cluster/draft-model.ts';
import { ClusterDraft } from '../../../shared/contract/contract.ts';
import { scenes } from '../../e2e/console-page/scenes.ts';
import fc from '../../support/fast-check.ts';

describe('an address of the console', () => {
  it('leads back to the same screen, whatever the names are', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(name, name, (cluster, node) => {
        const routes: Route[] = [
          { view: 'fleet' },
          { view: 'add-cluster' },
          { view: 'cluster', cluster },
          { view: 'connections', cluster, node },
          { view: 'difference', cluster },
          { view: 'difference', cluster, of: `${node}:kernel` },
          { view: 'difference', cluster, of: `${node}:kernel`, against: `${cluster}:external` },
          { view: 'failover', cluster, to: node },
        ];
        for (const route of routes) expect(hashToRoute(routeToHash(route))).toEqual(route);
      }),
    );
  });

  it('that is none of ours leads to the fleet', () => {
    for (const hash of ['', '#', '#/nowhere', '#/cluster/', '#/cluster']) {
      expect(hashToRoute(hash)).toEqual({ view: 'fleet' });
    }
  });
});

describe('the palette', () => {
  const commands = commandsOf({ revision: 1, clusters: scenes.fleet?.clusters(0) ?? [] });

  it('finds a screen by words of it in any order', () => {
    const [first] = searchCommands(commands, 'core fw3 connections');
    expect(first?.action).toEqual({ go: { view: 'connections', cluster: 'core', node: 'fw3' } });
  });

  it('offers no failover to the node that is master already', () => {
    expect(searchCommands(commands, 'fail over fw1 core')).toEqual([]);
  });

  it('gives each command a name of its own', () => {
    expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
  });
});

describe('a cluster is added', () => {
  const nodes = [
    { ...emptyNode, name: 'fw1', host: '10.0.0.1' },
    { ...emptyNode, name: 'fw2', host: '10.0.0.2', port: '2222', user: 'ops' },
  ];

  it('with names and hosts alone; nothing that was left empty is sent', () => {
    const form = { ...emptyForm, name: ' edge ', nodes };
    expect(problemsOf(form)).toEqual({});
    expect(toDraft(form)).toEqual({
      name: 'edge',
      nodes: [
        { name: 'fw1', host: '10.0.0.1' },
        { name: 'fw2', host: '10.0.0.2', port: 2222, user: 'ops' },
      ],
    });
    expect(z.safeParse(ClusterDraft, toDraft(form)).success).toBe(true);
  });

  it('with one node, when the second is left empty', () => {
    expect(
      toDraft({ ...emptyForm, name: 'edge', nodes: [nodes[0] ?? emptyNode, emptyNode] }).nodes,
    ).toHaveLength(1);
  });

  it('not before each field says something that can be', () => {
    const form = {
      ...emptyForm,
      handoverFile: 'handover',
      nodes: [
        { ...emptyNode, name: 'fw1', host: '' },
        { ...emptyNode, name: 'fw1', host: 'b', port: '70000' },
      ],
    };
    expect(Object.keys(problemsOf(form)).sort()).toEqual([
      'handoverFile',
      'name',
      'nodes[0].host',
      'nodes[1].name',
      'nodes[1].port',
    ]);
  });
});
