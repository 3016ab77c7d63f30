import { expect, test } from 'vitest';
import { decodeCifar } from '../../../src/data/cifar/decode-cifar.js';

const ten = { labelBytes: 1, classes: 10 } as const;
const hundred = { labelBytes: 2, classes: 100 } as const;

/** A row of the file: the label bytes, then three planes, whose values tell plane and place. */
const row = (label: readonly number[], plane: (channel: number, pixel: number) => number) => [
  ...label,
  ...[0, 1, 2].flatMap((channel) => Array.from({ length: 1024 }, (_, pixel) => plane(channel, pixel))),
];

test('planes of red, green and blue become pixels', () => {
  const bytes = Uint8Array.from([
    ...row([7], (channel, pixel) => (pixel + 50 * channel) % 256),
    ...row([0], (channel, pixel) => (3 * pixel + channel) % 256),
  ]);
  const { images, labels } = decodeCifar(bytes, 2, ten);
  expect([...labels]).toEqual([7, 0]);
  expect(images.length).toBe(2 * 32 * 32 * 3);
  const pixel = (image: number, line: number, column: number) =>
    [0, 1, 2].map((channel) => images[((image * 32 + line) * 32 + column) * 3 + channel]);
  expect(pixel(0, 0, 0)).toEqual([0, 50, 100]);
  expect(pixel(0, 0, 31)).toEqual([31, 81, 131]);
  expect(pixel(0, 2, 3)).toEqual([67, 117, 167]); // 2 · 32 + 3
  expect(pixel(1, 31, 31)).toEqual([253, 254, 255]); // 3 · 1023 mod 256
});

test('of two label bytes the second, fine, is the label', () => {
  const { labels } = decodeCifar(Uint8Array.from(row([19, 99], () => 0)), 1, hundred);
  expect([...labels]).toEqual([99]);
});

test.each([
  ['a file of the other format', row([1, 2], () => 0), 1, ten, 'it has 3074 bytes, 1 image needs 3073'],
  ['a file cut short', row([1], () => 0).slice(0, -1), 1, ten, 'it has 3072 bytes, 1 image needs 3073'],
  ['too few images', row([1], () => 0), 2, ten, 'it has 3073 bytes, 2 images need 6146'],
  ['nothing', [], 1, hundred, 'it has 0 bytes, 1 image needs 3074'],
  [
    'a label out of range',
    [...row([9], () => 0), ...row([10], () => 0)],
    2,
    ten,
    'the label of image 1 (the first is 0) is 10, expected 0 to 9',
  ],
  [
    'a fine label out of range',
    row([0, 100], () => 0),
    1,
    hundred,
    'the label of image 0 (the first is 0) is 100, expected 0 to 99',
  ],
])('%s is refused', (_title, bytes, images, format, message) => {
  expect(() => decodeCifar(Uint8Array.from(bytes), images, format)).toThrow(message);
});
