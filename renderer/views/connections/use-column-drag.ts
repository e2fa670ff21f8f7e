import { type PointerEvent, useRef, useState } from 'react';
import { type Arrangement, dropPlace, moved, resized } from './arrangement.ts';
import type { ArrangementStore } from './use-arrangement.ts';

/** Less than this (px) is a click with an unsteady hand. */
const draggedPast = 4;

interface Drag {
  readonly id: string;
  readonly from: number;
  readonly width: number;
  readonly kind: 'move' | 'resize';
  readonly before: Arrangement;
}

/** Columns dragged by their heads, and made wider or narrower by their right edges. */
export function useColumnDrag({ arrangement, preview, keep }: ArrangementStore) {
  const drag = useRef<Drag>(undefined);
  /** Of the column that is dragged, and where it would land. */
  const [dragged, setDragged] = useState<{ id: string; to: number }>();

  const begin = (kind: Drag['kind'], id: string) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const head = event.currentTarget.closest('[role=columnheader]');
    const width = head?.getBoundingClientRect().width ?? 0;
    drag.current = { id, kind, from: event.clientX, width, before: arrangement };
    if (kind === 'resize') event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (!now) return;
    const by = event.clientX - now.from;
    if (now.kind === 'resize') return preview(resized(now.before, now.id, now.width + by));
    if (dragged === undefined && Math.abs(by) < draggedPast) return;
    if (dragged === undefined) event.currentTarget.setPointerCapture(event.pointerId);
    const heads = [...event.currentTarget.querySelectorAll('[role=columnheader]')];
    const others = heads.filter((_, index) => arrangement[index]?.id !== now.id);
    setDragged({
      id: now.id,
      to: dropPlace(
        event.clientX,
        others.map((head) => head.getBoundingClientRect()),
      ),
    });
  };
  const onPointerUp = () => {
    const now = drag.current;
    drag.current = undefined;
    setDragged(undefined);
    if (now?.kind === 'resize' && arrangement !== now.before) keep(arrangement);
    if (dragged) keep(moved(arrangement, dragged.id, dragged.to));
  };
  const onPointerCancel = () => {
    if (drag.current) preview(drag.current.before);
    drag.current = undefined;
    setDragged(undefined);
  };
  return { dragged, begin, row: { onPointerMove, onPointerUp, onPointerCancel } };
}
