import { expect, test } from 'vitest';
import { transposeImages } from '../../../src/data/idx/transpose-images.js';

test('rows and columns of each image are exchanged', () => {
  const images = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  transposeImages(images, 3);
  expect([...images]).toEqual([1, 4, 7, 2, 5, 8, 3, 6, 9, 11, 14, 17, 12, 15, 18, 13, 16, 19]);
});
