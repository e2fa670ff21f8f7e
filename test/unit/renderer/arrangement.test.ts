import { describe, expect, it } from 'vitest';
import {
  arranged,
  columnTracks,
  defaultArrangement,
  dropPlace,
  keptText,
  leastWidth,
  moved,
  narrowest,
  readArrangement,
  resized,
  toggled,
} from '../../../renderer/views/connections/arrangement.ts';
import { columnName, columns } from '../../../renderer/views/connections/columns.ts';

const ids = (arrangement: readonly { id: string }[]) => arrangement.map(({ id }) => id);

describe('the columns of the connection table', () => {
  it('have a name each that no other has, in the list that one chooses from', () => {
    expect(new Set(columns.map(columnName)).size).toBe(columns.length);
    expect(new Set(ids(columns)).size).toBe(columns.length);
  });

  it('are hidden and come back where they stood; the last one stays', () => {
    const without = toggled(defaultArrangement, 'state');
    expect(ids(without)).not.toContain('state');
    expect(ids(toggled(without, 'state'))).toEqual(ids(defaultArrangement));
    expect(toggled([{ id: 'src' }], 'src')).toEqual([{ id: 'src' }]);
    const replies = toggled(defaultArrangement, 'reply.src');
    expect(ids(replies).indexOf('reply.src')).toBe(ids(replies).indexOf('nat') + 1);
  });

  it('are moved to a place, and no further than the ends', () => {
    const some = [{ id: 'src' }, { id: 'dst' }, { id: 'state' }];
    expect(ids(moved(some, 'state', 0))).toEqual(['state', 'src', 'dst']);
    expect(ids(moved(some, 'src', 9))).toEqual(['dst', 'state', 'src']);
    expect(ids(moved(some, 'src', -1))).toEqual(['src', 'dst', 'state']);
  });

  it('land where the dragged one is let go: behind every column whose middle it has passed', () => {
    const edges = [
      { left: 0, right: 100 },
      { left: 100, right: 200 },
    ];
    expect([10, 60, 149, 151, 500].map((x) => dropPlace(x, edges))).toEqual([0, 1, 1, 2, 2]);
  });

  it('take a width that can still be seen and grasped, or their own again', () => {
    const wide = resized(defaultArrangement, 'src', 301.6);
    expect(wide).toContainEqual({ id: 'src', width: 302 });
    expect(resized(wide, 'src', 3)).toContainEqual({ id: 'src', width: narrowest });
    expect(resized(wide, 'src', undefined)).toEqual(defaultArrangement);
  });

  it('share what is left of the width until somebody gives them another', () => {
    const shown = arranged([{ id: 'src' }, { id: 'dst', width: 90 }, { id: 'zone' }]);
    expect(columnTracks(shown)).toBe('minmax(132px, 1fr) 90px 48px');
    expect(leastWidth(shown)).toBe(132 + 90 + 48);
  });

  it('fit a window of 1,280 px as they come, beside its scroll bar', () => {
    expect(leastWidth(arranged(defaultArrangement)) + 16).toBeLessThanOrEqual(1_280 - 15);
  });

  it('are remembered as they were arranged; the default as nothing', () => {
    const mine = resized(moved(toggled(defaultArrangement, 'id'), 'id', 0), 'id', 120);
    expect(readArrangement(keptText(mine))).toEqual(mine);
    expect(keptText(defaultArrangement)).toBe('');
    expect(readArrangement('')).toEqual(defaultArrangement);
  });

  it('are the default where what was kept is not ours, and leave out what there is not any more', () => {
    for (const text of [undefined, '', '{', '[]', '[{"id":1}]', '[{"id":"gone"}]'])
      expect(readArrangement(text)).toEqual(defaultArrangement);
    expect(ids(readArrangement('[{"id":"gone"},{"id":"dst"},{"id":"dst","width":9}]'))).toEqual(['dst']);
  });
});
