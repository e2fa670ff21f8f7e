import './add-cluster.css';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { navigate, useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { type DraftForm, emptyForm, emptyNode, type NodeForm, problemsOf, toDraft } from './draft-model.ts';
import { Environments, Field } from './Field.tsx';

/** Names and hosts are enough; everything else has a default, and goes into the same file that one may edit by hand. */
export function AddClusterView() {
  const api = useApi();
  const path = useConsole((state) => state.info?.inventoryPath);
  const [form, setForm] = useState<DraftForm>(emptyForm);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const problems = tried ? problemsOf(form) : {};
  const set = (change: Partial<DraftForm>) => setForm({ ...form, ...change });
  const setNode = (index: number, change: Partial<NodeForm>) =>
    set({ nodes: form.nodes.map((node, at) => (at === index ? { ...node, ...change } : node)) });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problemsOf(form)).length > 0) return;
    try {
      const answer = await api.call('inventory.addCluster', toDraft(form));
      if (answer.accepted) navigate({ view: 'cluster', cluster: form.name.trim() });
      else setProblem(answer.reason);
    } catch (cause) {
      setProblem(problemOf(cause));
    }
  };
  return (
    <form className="add-cluster" onSubmit={submit} noValidate>
      <h1>Add a cluster</h1>
      <p className="quiet">
        Handover logs in over SSH with your agent or key and only reads. The host keys must be in known_hosts
        already.
      </p>
      <div className="fields">
        <Field
          label="Cluster"
          value={form.name}
          problem={problems.name}
          placeholder="edge"
          onChange={(name) => set({ name })}
        />
        <Environments value={form.environment} onChange={(environment) => set({ environment })} />
      </div>
      {form.nodes.map((node, index) => (
        <NodeFields
          // biome-ignore lint/suspicious/noArrayIndexKey: nodes are told apart by their place until they have names
          key={index}
          index={index}
          node={node}
          problems={problems}
          onChange={(change) => setNode(index, change)}
        />
      ))}
      <div className="row-of">
        <Button size="small" onClick={() => set({ nodes: [...form.nodes, emptyNode] })}>
          Another node
        </Button>
        {form.nodes.length > 1 && (
          <Button size="small" onClick={() => set({ nodes: form.nodes.slice(0, -1) })}>
            Without node {form.nodes.length}
          </Button>
        )}
      </div>
      <fieldset>
        <legend>
          Lever files, if keepalived tracks any (without them Handover can watch, not fail over)
        </legend>
        <div className="fields">
          <Field
            label="Handover file"
            mono
            value={form.handoverFile}
            problem={problems.handoverFile}
            placeholder="/var/lib/handover/handover"
            onChange={(handoverFile) => set({ handoverFile })}
          />
          <Field
            label="Maintenance file"
            mono
            value={form.maintenanceFile}
            problem={problems.maintenanceFile}
            placeholder="/var/lib/handover/maintenance"
            onChange={(maintenanceFile) => set({ maintenanceFile })}
          />
        </div>
      </fieldset>
      {problem && (
        <p className="notice" data-tone="critical" role="alert">
          {problem}
        </p>
      )}
      <div className="row-of">
        <Button type="submit" kind="primary">
          Add the cluster
        </Button>
        <a className="button" href="#/">
          Cancel
        </a>
        {path && <span className="quiet small">Written to {path}; your comments in it are kept.</span>}
      </div>
    </form>
  );
}

interface NodeFieldsProps {
  readonly index: number;
  readonly node: NodeForm;
  readonly problems: Record<string, string>;
  readonly onChange: (change: Partial<NodeForm>) => void;
}

const NodeFields = ({ index, node, problems, onChange }: NodeFieldsProps) => {
  const problem = (field: string) => problems[`nodes[${index}].${field}`];
  return (
    <fieldset>
      <legend>Node {index + 1}</legend>
      <div className="fields node-fields">
        <Field
          label="Name"
          value={node.name}
          problem={problem('name')}
          placeholder={`fw${index + 1}`}
          onChange={(name) => onChange({ name })}
        />
        <Field
          label="Host"
          mono
          value={node.host}
          problem={problem('host')}
          placeholder={`10.0.0.${index + 1}`}
          onChange={(host) => onChange({ host })}
        />
        <Field
          label="Port"
          mono
          value={node.port}
          problem={problem('port')}
          placeholder="22"
          onChange={(port) => onChange({ port })}
        />
        <Field label="User" value={node.user} placeholder="you" onChange={(user) => onChange({ user })} />
        <Field
          label="Key"
          mono
          value={node.identityFile}
          placeholder="your agent's"
          onChange={(identityFile) => onChange({ identityFile })}
        />
      </div>
    </fieldset>
  );
};
