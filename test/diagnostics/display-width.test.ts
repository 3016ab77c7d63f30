import { expect, test } from 'vitest';
import { displayWidth, shortenTo } from '../../src/diagnostics/display-width.js';

test.each([
  ['', 0],
  ['seed=1', 6],
  ['dé', 2], // two code points that are one letter
  ['反転', 4],
  ['👩‍👩‍👧', 2],
  ['████░', 5],
])('%s takes %d cells', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test.each([
  [20, 'augmentation=flip', 'augmentation=flip'],
  [17, 'augmentation=flip', 'augmentation=flip'],
  [10, 'augmentation=flip', 'augm…=flip'],
  [9, 'augmentation=flip', 'augm…flip'],
  [1, 'augmentation=flip', '…'],
  [0, 'augmentation=flip', ''],
  [6, '反転と切り抜き', '反…き'], // a wide character is not halved
])('in %d cells, %s is %s', (width, text, shown) => {
  expect(shortenTo(width, text)).toBe(shown);
});
