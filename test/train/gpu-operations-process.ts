/** Trains small trials twice each and prints their epochs as JSON: `tsx gpu-operations-process.ts FOLDER`. */
import { join } from 'node:path';
import { usesGpuOperations } from '../../src/engine/device-operations.js';
import type { TrialParams } from '../../src/plan/plan.js';
import { curve, train, trialOf } from './course.js';

export const trials: Readonly<Record<string, Partial<TrialParams>>> = {
  'as it is by default': {},
  'larger images, and class weights': { resolution: 40, classWeights: 'balanced' },
  'smaller images': { resolution: 24 },
  'targets that are shares of classes': {
    labelSmoothing: 0.1,
    augmentation: [{ name: 'mixup', alpha: 0.2 }],
    testTimeFlip: true,
  },
};

/** So small that rounding, which the steps before make larger, stays small. */
const optimizer = { name: 'adam', learningRate: 1e-6 } as const;

const folder = process.argv[2];
if (folder !== undefined) {
  const epochs: Record<string, unknown[]> = {};
  for (const [name, params] of Object.entries(trials)) {
    epochs[name] = [];
    for (const time of [1, 2]) {
      const at = join(folder, `${name} ${time}.checkpoint`);
      epochs[name].push(curve(await train(trialOf({ epochs: 2, optimizer, ...params }), { at, every: 0 })));
    }
  }
  console.log(JSON.stringify({ usesGpuOperations, epochs }));
}
