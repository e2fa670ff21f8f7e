import { describe, expect, it } from 'vitest';
import {
  chosen,
  countOf,
  everything,
  inOtherRows,
  isSelected,
  movedTo,
  rangesOf,
  toggledAt,
} from '../../../renderer/views/connections/selection.ts';
import { copyFormatOf } from '../../../renderer/views/connections/table-keys.ts';

const rows = 1_000_000;
const ctrl = (now: ReturnType<typeof chosen>, row: number, shift = false) =>
  toggledAt(now, row, 2, shift, rows);

describe('choosing rows', () => {
  it('a click takes one, Shift all from where one began, whichever way', () => {
    const from = chosen(10, 2);
    expect(rangesOf(movedTo(from, 14, 2, true), rows)).toEqual([{ from: 10, to: 14 }]);
    const back = movedTo(movedTo(from, 14, 2, true), 7, 2, true);
    expect(rangesOf(back, rows)).toEqual([{ from: 7, to: 10 }]);
    expect(countOf(movedTo(back, 3, 2, false), rows)).toBe(1);
  });

  it('Ctrl takes a row in or out, and with Shift all up to it beside what is chosen', () => {
    const three = ctrl(ctrl(chosen(10, 2), 20), 11);
    expect(rangesOf(three, rows)).toEqual([
      { from: 10, to: 11 },
      { from: 20, to: 20 },
    ]);
    expect(rangesOf(ctrl(three, 20), rows)).toEqual([{ from: 10, to: 11 }]);
    const more = ctrl(ctrl(chosen(10, 2), 20), 23, true);
    expect(countOf(more, rows)).toBe(5);
    expect(rangesOf(ctrl(more, 21), rows)).toEqual([
      { from: 10, to: 10 },
      { from: 20, to: 20 },
      { from: 22, to: 23 },
    ]);
  });

  it('never chooses nothing: a menu must be about something', () => {
    expect(countOf(ctrl(chosen(10, 2), 10), rows)).toBe(1);
  });

  it('Ctrl A takes all that match, also what comes later, and Ctrl takes one of them out', () => {
    const all = everything(chosen(10, 2));
    expect(countOf(all, rows)).toBe(rows);
    expect(countOf(all, rows + 5)).toBe(rows + 5);
    expect(isSelected(all, 999_999)).toBe(true);
    const butOne = ctrl(all, 500);
    expect(countOf(butOne, rows)).toBe(rows - 1);
    expect(isSelected(butOne, 500)).toBe(false);
    expect(countOf(everything(chosen(0, 0)), 0)).toBe(0);
  });

  it('lets go of rows chosen by their place when others stand there, so that no other is copied or dropped', () => {
    const twelve = movedTo(chosen(0, 2), 11, 2, true);
    expect(countOf(inOtherRows(twelve), rows)).toBe(1);
    expect(countOf(inOtherRows(everything(twelve)), rows)).toBe(rows);
  });

  it('counts no row that a shorter table does not have', () => {
    expect(countOf(movedTo(chosen(0, 2), 11, 2, true), 5)).toBe(5);
  });
});

it('copies as text, commands, CSV and JSON, each by a key of its own', () => {
  const press = (key: string, held: { ctrlKey?: boolean; shiftKey?: boolean } = {}) =>
    copyFormatOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, ...held });
  expect(press('c', { ctrlKey: true })).toBe('text');
  expect(press('C', { ctrlKey: true, shiftKey: true })).toBe('command');
  expect(press('C', { shiftKey: true })).toBe('csv');
  expect(press('J', { shiftKey: true })).toBe('json');
  expect(press('c')).toBeUndefined();
  expect(press('v', { ctrlKey: true })).toBeUndefined();
});
