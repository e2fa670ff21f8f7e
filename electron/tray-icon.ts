import type { Verdict } from '../shared/domain/health.ts';

/** On a field of 12 × 12, as the console draws its verdicts: what belongs to the shape, and what is cut out of it. */
interface Shape {
  /** Red, green, blue: readable on a light and on a dark panel. */
  readonly colour: readonly [number, number, number];
  readonly holds: (x: number, y: number) => boolean;
  readonly glyph: (x: number, y: number) => boolean;
}

const near = (x: number, y: number, [ax, ay]: Point, [bx, by]: Point, width: number): boolean => {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy) <= width / 2;
};
type Point = readonly [number, number];

const shapes: Readonly<Record<Verdict, Shape>> = {
  // a disc with a tick
  ok: {
    colour: [31, 157, 122],
    holds: (x, y) => Math.hypot(x - 6, y - 6) <= 6,
    glyph: (x, y) => near(x, y, [3.2, 6.2], [5.2, 8.2], 1.6) || near(x, y, [5.2, 8.2], [8.8, 4.2], 1.6),
  },
  // a triangle with an exclamation mark
  warning: {
    colour: [217, 138, 0],
    holds: (x, y) => y >= 0.6 && y <= 11.6 && Math.abs(x - 6) <= (y - 0.6) * 0.545,
    glyph: (x, y) => near(x, y, [6, 4.6], [6, 7.4], 1.5) || Math.hypot(x - 6, y - 9.7) <= 0.85,
  },
  // an octagon with a cross
  critical: {
    colour: [214, 57, 34],
    holds: (x, y) =>
      Math.abs(x - 6) + Math.abs(y - 6) <= 8.5 && Math.max(Math.abs(x - 6), Math.abs(y - 6)) <= 6,
    glyph: (x, y) => near(x, y, [4, 4], [8, 8], 1.6) || near(x, y, [8, 4], [4, 8], 1.6),
  },
  // a hatched square
  unknown: {
    colour: [125, 135, 145],
    holds: (x, y) => Math.max(Math.abs(x - 6), Math.abs(y - 6)) <= 5.6,
    glyph: (x, y) => Math.max(Math.abs(x - 6), Math.abs(y - 6)) <= 4.4 && (((x + y) % 3.6) + 3.6) % 3.6 < 1.7,
  },
};

/** Samples a side of a pixel: edges are smooth without a drawing library. */
const samples = 4;

/** The verdict as a square of `size` pixels a side, four bytes each, in the order that Electron's bitmaps have: BGRA. */
export function trayBitmap(verdict: Verdict, size: number): Uint8Array {
  const { colour, holds, glyph } = shapes[verdict];
  const bytes = new Uint8Array(size * size * 4);
  const scale = 12 / size;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let inside = 0;
      let light = 0;
      for (let each = 0; each < samples * samples; each += 1) {
        const x = (column + ((each % samples) + 0.5) / samples) * scale;
        const y = (row + (Math.floor(each / samples) + 0.5) / samples) * scale;
        if (!holds(x, y)) continue;
        inside += 1;
        if (glyph(x, y)) light += 1;
      }
      const alpha = inside / (samples * samples);
      const white = inside === 0 ? 0 : light / inside;
      const at = (row * size + column) * 4;
      // premultiplied
      const part = (index: 0 | 1 | 2) => Math.round((colour[index] * (1 - white) + 255 * white) * alpha);
      bytes.set([part(2), part(1), part(0), Math.round(255 * alpha)], at);
    }
  }
  return bytes;
}
