import type { Replica } from '../../../shared/domain/connection-query.ts';
import { classFace, reasonWord } from '../../components/coverage-faces.ts';
import type { Row } from './row.ts';

/** What a slave has of a connection, in two words. */
export const replicaWord = ({ class: name, reason }: Replica): string =>
  reason === undefined ? classFace[name].word : `${classFace[name].word}: ${reasonWord[reason]}`;

/** The same of all slaves; empty where nothing was compared, or the connection began later. */
export function replicasText({ replicas = [] }: Row): string {
  const [first, ...others] = replicas;
  if (first === undefined) return '';
  const words = new Set(replicas.map(replicaWord));
  if (others.length === 0 || words.size === 1) return replicaWord(first);
  return replicas.map((each) => `${each.node} ${replicaWord(each)}`).join(', ');
}

/** The filter that selects what the same slaves have in the same way. */
export function replicasFilter({ replicas = [] }: Row): string | undefined {
  if (replicas.length === 0) return undefined;
  return replicas.map(({ node, class: name }) => `${name} on ${quoted(node)}`).join(' and ');
}

const quoted = (node: string): string => (/^[\w.-]+$/.test(node) ? node : `"${node}"`);

/** What stands in the drawer: the evidence too, which is how one finds out what to change. */
export const replicaFacts = (replicas: readonly Replica[]): (readonly [string, string])[] =>
  replicas.map((each) => [
    each.node,
    each.evidence === undefined ? replicaWord(each) : `${replicaWord(each)} (${each.evidence})`,
  ]);
