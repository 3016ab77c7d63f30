import { expect, test } from 'vitest';
import { packBits } from '../../src/train/pack-bits.js';

test('the lowest bit of a byte comes first, and bits behind the last are 0', () => {
  expect([...Buffer.from(packBits([1, 0, 0, 0, 0, 0, 1, 1, 0, 1]), 'base64')]).toEqual([0b11000001, 0b10]);
  expect(packBits(Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1))).toBe(Buffer.of(255).toString('base64'));
  expect(packBits(new Uint8Array(10_000))).toHaveLength(1668);
});
