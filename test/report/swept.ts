/** A sweep of two axes as the program plans it, and outcomes of every kind for what is written of trials and epochs. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArguments } from '../../src/commands/arguments.js';
import { loadPlan } from '../../src/commands/load-plan.js';
import type { EpochRecord, TrialOutcome } from '../../src/trial/outcome.js';

const file = join(mkdtempSync(join(tmpdir(), 'runner-swept-')), 'flip.yaml');
writeFileSync(
  file,
  `name: flip
params: { weights: none, epochs: 3 }
augmentations: { flip: [{ horizontalFlip: {} }] }
matrix: { augmentation: [none, flip], dropout: [0, 0.25] }
seeds: [2017, 2018]
data: { validation: { holdout: 100 } }
`,
);

/** Eight trials, in the order of running. */
export const plan = await loadPlan(file, parseArguments(['plan', file]));

export const epochOf = (trial: number, epoch: number): EpochRecord => ({
  epoch,
  trainLoss: 2.3 / (epoch + trial),
  trainAccuracy: 0.1 * epoch,
  valLoss: 2.5 / (epoch + trial),
  valAccuracy: 0.09 * epoch + trial / 1000,
  valBalancedAccuracy: 0.08 * epoch,
  valMacroF1: trial === 3 ? 0 : 0.07 * epoch,
  ...(trial === 0 ? {} : { valTop5: 0.5 }),
  seconds: 10 + epoch / 8,
});

/** The second diverged in its third epoch, the third failed, the others completed; only the last epoch was tested. */
export function outcomeOf(trial: number): TrialOutcome {
  const epochs = [1, 2, 3].map((epoch) => epochOf(trial, epoch));
  const measured = { parameters: 123_456, trainSeconds: 40, peakBytes: 5e8, engine: 'tensorflow-cpu' };
  if (trial === 1) return { ...measured, status: 'diverged', epochs: epochs.slice(0, 2), epoch: 3, step: 20 };
  if (trial === 2)
    return { status: 'failed', failure: 'crash', cause: 'its process ended, by "kill"', logFile: 'x.log' };
  const tested = {
    testLoss: 1.25,
    testAccuracy: 0.7,
    images: 8,
    correct: 'AA==',
    imagesSha256: '0'.repeat(64),
  };
  return { ...measured, status: 'completed', epochs, tests: [{ ...tested, epoch: 3 }] };
}

export const outcomes = new Map(plan.trials.map(({ id }, index) => [id, outcomeOf(index)]));
