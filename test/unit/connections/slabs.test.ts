import { expect, it } from 'vitest';
import { slabs } from '../../../main/connections/slabs.ts';
import fc from '../../support/fast-check.ts';

const bytesOf = (sizes: readonly number[]): Uint8Array<ArrayBuffer>[] => {
  let next = 0;
  return sizes.map((size) => Uint8Array.from({ length: size }, () => next++ % 251));
};

it('hands on every byte in its order, however they came', () => {
  const pieces = fc.array(fc.nat(300_000), { maxLength: 6 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1_000, max: 400_000 }), (sizes, enough) => {
      const whole = Buffer.concat(bytesOf(sizes));
      const sent: Buffer[] = [];
      const { add, flush, workedOff } = slabs(
        (bytes) => {
          sent.push(Buffer.from(bytes));
          workedOff();
        },
        () => enough,
      );
      for (const piece of bytesOf(sizes)) add(piece);
      flush();
      expect(Buffer.concat(sent).equals(whole)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it('gives the memory of a piece back at once, and leaves alone what others have theirs in', () => {
  const { add, stop } = slabs(() => undefined);
  const packet = new Uint8Array(32_768);
  add(packet.subarray(9, 32_760));
  expect(packet.buffer.detached).toBe(true);
  const pool = new Uint8Array(32_768);
  add(pool.subarray(0, 16_384));
  expect(pool.buffer.detached).toBe(false);
  expect(pool.length).toBe(32_768);
  stop();
});
