import { writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { RunnerError } from '../diagnostics/runner-error.js';
import { schemaPath } from '../spec/schema/compile-schema.js';
import type { Arguments } from './arguments.js';

/** Writes a commented experiment that validates and runs within minutes. Never over a file that is there. */
export async function init({ files, quiet }: Arguments): Promise<number> {
  const file = files[0] ?? 'experiment.yaml';
  try {
    await writeFile(file, template(relative(dirname(resolve(file)), schemaPath)), { flag: 'wx' });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const cause = code === 'EEXIST' ? 'it exists already' : message;
    throw new RunnerError([{ kind: 'environment', reason: 'not-written', path: file, cause }]);
  }
  if (!quiet) process.stderr.write(`Wrote ${file}\nnext: runner plan ${file}\n`);
  return 0;
}

/** The first line leads editors to the schema: completion, explanations, mistakes shown while typing. */
const template = (schema: string) => `# yaml-language-server: $schema=${schema}
#
# Question: does a random horizontal flip help, and does it still with dropout?
name: my-experiment # results go to results/my-experiment
description: Does a random horizontal flip help a small MobileNet that sees little data?

params: # fixed values; what is not named has a default that the schema documents
  alpha: 0.25 # MobileNet's width multiplier
  weights: none # or imagenet
  resolution: 28 # pixels
  epochs: 3
  batchSize: 32

augmentations: # named lists; none is built in
  flip: [{ horizontalFlip: { probability: 0.5 } }]

matrix: # every combination of these
  augmentation: [none, flip]
  dropout: [0, 0.5]

seeds: { count: 3 } # six or more can tell a difference; three show the way

data: # choose and compare on images that are not the test set
  trainSubset: 4000
  validation: { holdout: 2000 }

metric: { name: valAccuracy, select: last }

compare: { baseline: { augmentation: none } } # flip against none, at each dropout

budget: { maxTrials: 50 } # refuse a larger plan
`;
