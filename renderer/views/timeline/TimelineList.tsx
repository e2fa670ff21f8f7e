// biome-ignore-all lint/a11y/useSemanticElements: a list of which only what is seen is drawn cannot be a <table>; its roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stays on the list, which names its active row
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react';
import { formatCount } from '../../../shared/domain/format.ts';
import { announce } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { moveCursor, rowHeight, scrollHeight, visibleRows } from '../connections/row-window.ts';
import { useRowWindow } from '../connections/use-row-window.ts';
import { TimelineRow } from './TimelineRow.tsx';
import { lineOf } from './timeline-model.ts';
import type { TimelineRows } from './use-timeline.ts';

interface TimelineListProps {
  readonly rows: TimelineRows;
  /** Where to go; a new object for each order. */
  readonly jump: { readonly row: number } | undefined;
  /** Whether rows may move: not while something but the top is looked at. */
  readonly onHold: (holds: boolean) => void;
  readonly onOpen: (row: number) => void;
  readonly onTop: () => void;
}

interface Selection {
  readonly row: number;
  readonly anchor: number;
}

export function TimelineList({ rows, jump, onHold, onOpen, onTop }: TimelineListProps) {
  const count = rows.page?.matched ?? 0;
  const { scroller, viewport, topRow, onScroll, showRow } = useRowWindow(count, rowHeight);
  const [selected, setSelected] = useState<Selection>({ row: 0, anchor: 0 });
  const { first, end } = visibleRows(topRow, viewport);
  const { show } = rows;
  const holds = topRow > 0 || selected.row > 0 || selected.anchor > 0;
  useEffect(() => show(first, end), [show, first, end]);
  useEffect(() => onHold(holds), [onHold, holds]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a jump is made once, when it is ordered
  useEffect(() => {
    if (jump === undefined) return;
    const row = Math.max(0, Math.min(jump.row, count - 1));
    setSelected({ row, anchor: row });
    showRow(row);
    scroller.current?.focus();
  }, [jump]);

  const toTop = () => {
    setSelected({ row: 0, anchor: 0 });
    showRow(0);
    onTop();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key === 'c') return copy(rows, selected, event);
    if (event.key === 'Enter') onOpen(selected.row);
    const row = moveCursor(event.key, selected.row, viewport);
    if (row === undefined) return;
    event.preventDefault();
    setSelected({ row, anchor: event.shiftKey ? selected.anchor : row });
    showRow(row);
  };
  const rowOf = (event: MouseEvent): number | undefined => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    return element === null ? undefined : Number(element.dataset.row);
  };
  const onClick = (event: MouseEvent) => {
    const row = rowOf(event);
    if (row === undefined) return;
    setSelected({ row, anchor: event.shiftKey ? selected.anchor : row });
    if (!event.shiftKey && window.getSelection()?.toString() === '') onOpen(row);
  };
  const newer = rows.page?.newer ?? 0;
  const [from, to] = [Math.min(selected.row, selected.anchor), Math.max(selected.row, selected.anchor)];
  return (
    <div className="entries">
      {newer > 0 && (
        <Button size="small" className="newer" onClick={toTop}>
          <ArrowUp aria-hidden="true" />
          {formatCount(newer)} newer
        </Button>
      )}
      <div
        ref={scroller}
        className="rows"
        role="grid"
        tabIndex={0}
        aria-label="Timeline, newest first"
        aria-rowcount={count + 1}
        aria-colcount={5}
        aria-activedescendant={`row-${selected.row}`}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div
          className="rows-space"
          role="presentation"
          style={{ height: scrollHeight(viewport) + rowHeight }}
        >
          <div className="rows-window" role="presentation" style={{ height: viewport.height + rowHeight }}>
            <div className="entry head" role="row" aria-rowindex={1}>
              {['Time', 'Level', 'Node', 'Source', 'What'].map((word) => (
                <span key={word} className="cell" role="columnheader">
                  {word}
                </span>
              ))}
            </div>
            <div className="rows-body" role="rowgroup" style={{ height: viewport.height }}>
              {Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index).map((row) => (
                <TimelineRow
                  key={row % (Math.ceil(viewport.height / rowHeight) + 2)}
                  row={row}
                  top={(row - topRow) * rowHeight}
                  entry={rows.rowAt(row)}
                  isSelected={row >= from && row <= to}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

/** Text that the mouse selected is copied as it is; otherwise the selected rows, a line each, oldest first. */
function copy(rows: TimelineRows, { row, anchor }: Selection, event: KeyboardEvent): void {
  if (window.getSelection()?.toString()) return;
  event.preventDefault();
  const lines: string[] = [];
  for (let each = Math.max(row, anchor); each >= Math.min(row, anchor); each -= 1) {
    const entry = rows.rowAt(each);
    if (entry) lines.push(lineOf(entry));
  }
  navigator.clipboard.writeText(lines.join('\n')).then(
    () => announce(`${lines.length} entries copied`),
    () => announce('The clipboard refused the entries'),
  );
}
