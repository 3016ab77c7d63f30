import { expect, it } from 'vitest';
import { evaluationBatchOf } from '../../src/train/evaluation-batch.js';

it.each([
  [8, 250],
  [112, 250],
  [113, 245],
  [224, 62],
  [512, 11],
  [4000, 1],
])('at %i pixels a batch of an evaluation has %i images', (side, images) => {
  expect(evaluationBatchOf(side)).toBe(images);
});
