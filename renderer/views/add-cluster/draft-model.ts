import type { ClusterDraft } from '../../../shared/contract/contract.ts';
import type { Environment } from '../../../shared/domain/cluster.ts';

export interface NodeForm {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly identityFile: string;
}

/** The form as typed: every field a text, since half of one is no value yet. */
export interface DraftForm {
  readonly name: string;
  readonly environment: Environment | '';
  readonly handoverFile: string;
  readonly maintenanceFile: string;
  readonly nodes: readonly NodeForm[];
}

export const emptyNode: NodeForm = { name: '', host: '', port: '', user: '', identityFile: '' };

export const emptyForm: DraftForm = {
  name: '',
  environment: '',
  handoverFile: '',
  maintenanceFile: '',
  nodes: [emptyNode, emptyNode],
};

/** What is wrong, by field: `name`, `nodes[1].port`. A second node left wholly empty is no node. */
export function problemsOf(form: DraftForm): Record<string, string> {
  const problems: [string, string][] = [];
  if (form.name.trim() === '') problems.push(['name', 'A cluster needs a name.']);
  const nodes = filledNodes(form);
  nodes.forEach(({ node, index }) => {
    const at = (field: string) => `nodes[${index}].${field}`;
    if (node.name.trim() === '') problems.push([at('name'), 'A node needs a name.']);
    if (node.host.trim() === '') problems.push([at('host'), 'A host name or an address.']);
    if (nodes.some((other) => other.index < index && other.node.name.trim() === node.name.trim())) {
      problems.push([at('name'), 'Another node has this name.']);
    }
    const port = node.port.trim();
    if (port !== '' && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
      problems.push([at('port'), 'A number from 1 to 65535.']);
    }
  });
  for (const field of ['handoverFile', 'maintenanceFile'] as const) {
    const path = form[field].trim();
    if (path !== '' && !path.startsWith('/')) problems.push([field, 'A path from the root, as /var/lib/….']);
  }
  return Object.fromEntries(problems.toReversed());
}

const filledNodes = ({ nodes }: DraftForm) =>
  nodes
    .map((node, index) => ({ node, index }))
    .filter(
      ({ node, index }) => index === 0 || Object.values(node).some((value: string) => value.trim() !== ''),
    );

/** What is sent: names and hosts, and of the rest only what was filled in. */
export function toDraft(form: DraftForm): ClusterDraft {
  const optional = <K extends string>(key: K, text: string) =>
    (text.trim() === '' ? {} : { [key]: text.trim() }) as { [key in K]?: string };
  return {
    name: form.name.trim(),
    ...(form.environment === '' ? {} : { environment: form.environment }),
    ...optional('handoverFile', form.handoverFile),
    ...optional('maintenanceFile', form.maintenanceFile),
    nodes: filledNodes(form).map(({ node }) => ({
      name: node.name.trim(),
      host: node.host.trim(),
      ...(node.port.trim() === '' ? {} : { port: Number(node.port) }),
      ...optional('user', node.user),
      ...optional('identityFile', node.identityFile),
    })),
  };
}
