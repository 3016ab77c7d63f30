import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deviceOperations } from '../../../src/engine/device-operations.js';
import { curve, train, trialOf } from '../../train/course.js';

const isThere = deviceOperations.supports('bfloat16');

test.runIf(isThere)(
  'a trial multiplies bfloat16: near float32, not the same, and to the same digits again',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runner-precision-'));
    try {
      const course = (precision: 'float32' | 'bfloat16') =>
        train(trialOf({ precision, epochs: 2, dropout: 0 }), { at: join(folder, precision), every: 0 });
      const [float32, once] = [curve(await course('float32')), curve(await course('bfloat16'))];
      expect(curve(await course('bfloat16'))).toEqual(once);
      for (const [index, { trainLoss }] of once.entries()) {
        expect(trainLoss).not.toBe(float32[index]!.trainLoss);
        expect(Math.abs(trainLoss / float32[index]!.trainLoss - 1)).toBeLessThan(0.2);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test.runIf(!isThere)('a trial that cannot multiply bfloat16 is not trained', async () => {
  await expect(
    train(trialOf({ precision: 'bfloat16' }), { at: join(tmpdir(), 'none'), every: 0 }),
  ).rejects.toMatchObject({
    problems: [{ reason: 'no-bfloat16' }],
  });
});
