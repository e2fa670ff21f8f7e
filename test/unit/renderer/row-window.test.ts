import { describe, expect, it } from 'vitest';
import {
  clampTopRow,
  drawnCount,
  drawnRows,
  isScaled,
  lastTopRow,
  longestScroll,
  moveCursor,
  reveal,
  rowHeight,
  scrollHeight,
  scrollTopFor,
  topRowAt,
  visibleRows,
} from '../../../renderer/views/connections/row-window.ts';
import fc from '../../support/fast-check.ts';

const viewports = fc.record({
  rows: fc.integer({ min: 0, max: 20_000_000 }),
  height: fc.integer({ min: 24, max: 3000 }),
});

describe('the window of rows', () => {
  it('never asks the browser for more height than it can draw', () => {
    fc.assert(
      fc.property(viewports, (viewport) => {
        expect(scrollHeight(viewport)).toBeLessThanOrEqual(longestScroll);
      }),
    );
  });

  it('reaches the first and the last row with the scroll bar, however many rows there are', () => {
    fc.assert(
      fc.property(viewports, (viewport) => {
        const travel = Math.max(0, scrollHeight(viewport) - viewport.height);
        expect(topRowAt(0, viewport)).toBe(0);
        expect(topRowAt(travel, viewport)).toBeCloseTo(lastTopRow(viewport), 5);
        expect(visibleRows(lastTopRow(viewport), viewport).end).toBe(viewport.rows);
      }),
    );
  });

  it('puts the scroll bar where reading it back gives the same row', () => {
    fc.assert(
      fc.property(viewports, fc.double({ min: 0, max: 1, noNaN: true }), (viewport, share) => {
        const topRow = share * lastTopRow(viewport);
        expect(topRowAt(scrollTopFor(topRow, viewport), viewport)).toBeCloseTo(topRow, 3);
      }),
    );
  });

  it('scrolls a small table px by px and scales only a long one', () => {
    expect(isScaled({ rows: 400_000, height: 600 })).toBe(false);
    expect(topRowAt(48, { rows: 400_000, height: 600 })).toBe(2);
    expect(isScaled({ rows: 1_000_000, height: 600 })).toBe(true);
  });

  it('draws the rows on the screen and at most one more at either end', () => {
    fc.assert(
      fc.property(viewports, fc.double({ min: 0, max: 1, noNaN: true }), (viewport, share) => {
        const { first, end } = visibleRows(share * lastTopRow(viewport), viewport);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(viewport.height / rowHeight) + 2);
      }),
    );
  });

  it('draws all that is seen, in rows that never share an element, and draws nothing new for a small move', () => {
    fc.assert(
      fc.property(viewports, fc.double({ min: 0, max: 1, noNaN: true }), (viewport, share) => {
        const topRow = share * lastTopRow(viewport);
        const [seen, drawn] = [visibleRows(topRow, viewport), drawnRows(topRow, viewport)];
        expect(drawn.first).toBeLessThanOrEqual(seen.first);
        expect(drawn.end).toBeGreaterThanOrEqual(Math.min(seen.end, viewport.rows));
        expect(drawn.end - drawn.first).toBeLessThanOrEqual(drawnCount(viewport));
        expect(drawn.first - drawn.base).toBeLessThan(1_000);
      }),
    );
    const viewport = { rows: 1_000_000, height: 600 };
    expect(drawnRows(400.1, viewport)).toEqual(drawnRows(402.9, viewport));
  });

  it('moves no further than a row needs to be seen whole', () => {
    const viewport = { rows: 100, height: 240 };
    expect(reveal(5, 0, viewport)).toBe(0);
    expect(reveal(10, 0, viewport)).toBe(1);
    expect(reveal(3, 20, viewport)).toBe(3);
    expect(clampTopRow(99, viewport)).toBe(90);
  });

  it('keeps the cursor in the table, whatever key is pressed', () => {
    const viewport = { rows: 100, height: 240 };
    expect(moveCursor('ArrowDown', 0, viewport)).toBe(1);
    expect(moveCursor('ArrowUp', 0, viewport)).toBe(0);
    expect(moveCursor('PageDown', 50, viewport)).toBe(59);
    expect(moveCursor('PageDown', 98, viewport)).toBe(99);
    expect(moveCursor('End', 0, viewport)).toBe(99);
    expect(moveCursor('Home', 40, viewport)).toBe(0);
    expect(moveCursor('x', 0, viewport)).toBeUndefined();
  });
});
