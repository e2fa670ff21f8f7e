import { Menu } from '@base-ui/react/menu';
import { Download, X } from 'lucide-react';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { type TimelineFilter, TimelineLevel, TimelineSource } from '../../../shared/domain/timeline.ts';
import type { TimelineFormat, TimelinePage } from '../../../shared/domain/timeline-page.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { saveFile } from '../../components/save-file.ts';
import { useFilterKey } from '../../components/use-filter-key.ts';
import { isFiltered, sourceWords, toggled } from './timeline-model.ts';

interface TimelineBarProps {
  readonly cluster: ClusterSnapshot;
  readonly filter: TimelineFilter;
  readonly page: TimelinePage | undefined;
  readonly onFilter: (filter: TimelineFilter) => void;
  readonly onJump: (at: number) => void;
}

/** What to show of the timeline, where to go in it, and how to take it along. */
export function TimelineBar({ cluster, filter, page, onFilter, onJump }: TimelineBarProps) {
  const change = (part: TimelineFilter) => onFilter(withoutAbsent({ ...filter, ...part }));
  const nodes = [...cluster.nodes.map(({ name }) => name), ''];
  return (
    <div className="table-bar">
      <Search
        text={filter.text ?? ''}
        onChange={(text) => change({ text: text === '' ? undefined : text })}
      />
      <Choices
        label="Sources"
        options={TimelineSource.options}
        chosen={filter.sources}
        wordOf={(source) => sourceWords[source]}
        onChange={(sources) => change({ sources })}
      />
      <Choices
        label="Nodes"
        options={nodes}
        chosen={filter.nodes}
        wordOf={(node) => (node === '' ? 'cluster' : node)}
        onChange={(each) => change({ nodes: each })}
      />
      <Choices
        label="Levels"
        options={TimelineLevel.options}
        chosen={filter.levels}
        wordOf={(level) => level}
        onChange={(levels) => change({ levels })}
      />
      <div className="table-status">
        <span className="quiet nowrap">
          {page === undefined
            ? ''
            : isFiltered(filter)
              ? `${formatCount(page.matched)} of ${formatCount(page.total)}`
              : `${formatCount(page.total)} entries`}
        </span>
        <JumpTo onJump={onJump} />
        <ExportMenu cluster={cluster.name} filter={filter} />
      </div>
    </div>
  );
}

type Change = { readonly [K in keyof TimelineFilter]: TimelineFilter[K] | undefined };

const withoutAbsent = (change: Change): TimelineFilter =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

function Search({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const field = useFilterKey();
  return (
    <div className="filter-bar" data-tone={text === '' ? 'neutral' : 'ok'}>
      <input
        ref={field}
        className="input"
        aria-label="Search the timeline"
        placeholder="Words, -without, node:fw1, kind:committed  /"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (text === '') event.currentTarget.blur();
          else onChange('');
        }}
      />
      {text !== '' && (
        <Button kind="bare" size="icon" aria-label="Clear the search" onClick={() => onChange('')}>
          <X aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly options: readonly T[];
  readonly chosen: readonly T[] | undefined;
  readonly wordOf: (option: T) => string;
  readonly onChange: (chosen: T[] | undefined) => void;
}

/** Buttons that stay down; with none down all are shown. */
const Choices = <T extends string>({ label, options, chosen, wordOf, onChange }: ChoicesProps<T>) => (
  <fieldset className="segments choices">
    <legend className="visually-hidden">{label}</legend>
    {options.map((option) => (
      <button
        key={option}
        type="button"
        aria-pressed={chosen?.includes(option) ?? false}
        onClick={() => onChange(toggled(chosen, option))}
      >
        {wordOf(option)}
      </button>
    ))}
  </fieldset>
);

const JumpTo = ({ onJump }: { onJump: (at: number) => void }) => (
  <input
    className="input jump"
    type="datetime-local"
    step={1}
    aria-label="Go to a time"
    title="Go to a time (Enter)"
    onKeyDown={(event) => {
      if (event.key === 'Escape') event.currentTarget.blur();
      if (event.key !== 'Enter') return;
      const at = new Date(event.currentTarget.value).getTime();
      if (!Number.isNaN(at)) onJump(at + 999);
    }}
  />
);

const types: Record<TimelineFormat, string> = { csv: 'text/csv', json: 'application/x-ndjson' };

function ExportMenu({ cluster, filter }: { cluster: string; filter: TimelineFilter }) {
  const api = useApi();
  const save = (format: TimelineFormat) => async () => {
    try {
      const { rows, text } = await api.call('timeline.export', { cluster, filter, format });
      saveFile(`timeline-${cluster}.${format === 'json' ? 'jsonl' : format}`, types[format], text);
      announce(`${formatCount(rows)} entries saved`);
    } catch (cause) {
      announce(`Nothing was saved: ${problemOf(cause)}`);
    }
  };
  return (
    <Menu.Root>
      <Menu.Trigger className="button">
        <Download aria-hidden="true" />
        Export
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end">
          <Menu.Popup className="popup menu">
            <Menu.Item onClick={save('csv')}>Save as CSV</Menu.Item>
            <Menu.Item onClick={save('json')}>Save as JSON, an object a line</Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
