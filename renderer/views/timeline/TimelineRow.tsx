// biome-ignore-all lint/a11y/useSemanticElements: see the list that it stands in
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the list, which names its active row
import type { TimelineEntry } from '../../../shared/domain/timeline.ts';
import { eventFace } from '../../components/faces.ts';
import { State } from '../../components/StateMark.tsx';
import { dayOf, doubt, factsOf, rowTime, sourceWords } from './timeline-model.ts';

interface TimelineRowProps {
  readonly row: number;
  /** In px, of the visible part. */
  readonly top: number;
  /** Undefined while its page is on its way. */
  readonly entry: TimelineEntry | undefined;
  readonly isSelected: boolean;
}

export function TimelineRow({ row, top, entry, isSelected }: TimelineRowProps) {
  const place = {
    id: `row-${row}`,
    className: 'entry',
    role: 'row',
    'aria-rowindex': row + 2,
    'aria-selected': isSelected,
    'data-row': row,
    style: { transform: `translateY(${top}px)` },
  };
  if (entry === undefined) {
    return (
      <div {...place}>
        <span className="cell quiet" role="gridcell">
          …
        </span>
      </div>
    );
  }
  const { at, level, node, source, words, more = [] } = entry;
  const unsure = doubt(entry);
  const told = factsOf(entry)
    .slice(0, 4)
    .map(([name, value]) => `${name}: ${value}`);
  return (
    <div {...place} data-level={level}>
      <span className="cell nowrap" role="gridcell" title={told.join('\n')}>
        <time dateTime={new Date(at).toISOString()}>
          <span className="day">{dayOf(at)}</span> {rowTime(entry)}
        </time>
      </span>
      <span className="cell" role="gridcell">
        <State face={eventFace[level]} />
      </span>
      <span className="cell cut" role="gridcell" title={node}>
        {node ?? ''}
      </span>
      <span className="cell cut quiet" role="gridcell">
        {sourceWords[source]}
      </span>
      <span className="cell cut" role="gridcell" title={[words, ...more].join('\n')}>
        {unsure !== undefined && <span className="tag">{unsure}</span>}
        {words}
        {more.length > 0 && <span className="quiet"> +{more.length} more</span>}
      </span>
    </div>
  );
}
