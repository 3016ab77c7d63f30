import { expect, test } from 'vitest';
import { decodeIdx } from '../../../src/data/idx/idx.js';

const header = (...sizes: number[]) => [0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size])];

test('values follow the sizes', () => {
  const { shape, values } = decodeIdx(Uint8Array.from([...header(2, 1, 3), 9, 8, 7, 6, 5, 4]));
  expect(shape).toEqual([2, 1, 3]);
  expect([...values]).toEqual([9, 8, 7, 6, 5, 4]);
});

test('a view into a larger buffer is decoded at its own place', () => {
  const bytes = Uint8Array.from([1, 1, ...header(2), 5, 6, 1]);
  expect([...decodeIdx(bytes.subarray(2, -1)).values]).toEqual([5, 6]);
});

test.each([
  ['nothing', [], 'it has 0 bytes, too few for an IDX header'],
  ['a gzip file', [0x1f, 0x8b, 8, 0], 'it is not an IDX file of unsigned bytes: it begins with 0x1f8b0800'],
  ['floats', [0, 0, 0x0d, 1, 0, 0, 0, 0], 'it begins with 0x00000d01'],
  ['no dimensions', [0, 0, 8, 0], 'it begins with 0x00000800'],
  ['half a header', [0, 0, 8, 3, 0, 0, 0, 1], 'it has 8 bytes, its header alone needs 16'],
  ['too few values', [...header(2, 2), 1, 2, 3], 'it is cut short: it has 15 bytes, 2×2 needs 16'],
  ['too many values', [...header(2), 1, 2, 3], 'it is too long: it has 11 bytes, 2 needs 10'],
])('%s', (_title, bytes, message) => {
  expect(() => decodeIdx(Uint8Array.from(bytes))).toThrow(message);
});
