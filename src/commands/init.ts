import { dirname, relative, resolve } from 'node:path';
import { schemaPath } from '../spec/schema/compile-schema.js';
import { isStandardOutput } from '../system/descriptor-path.js';
import { fileIdentity } from '../system/file-identity.js';
import type { Arguments } from './arguments.js';
import { notWritten, saveNamedFile } from './save-named-file.js';

/** Writes a commented experiment that validates and runs within minutes. Never over a file that is there. */
export async function init({ files, quiet }: Arguments): Promise<number> {
  const file = files[0] ?? 'experiment.yaml';
  const text = template(relative(isStandardOutput(file) ? '.' : dirname(resolve(file)), schemaPath));
  if (isStandardOutput(file)) {
    process.stdout.write(text);
    return 0;
  }
  if ((await fileIdentity(file)) !== null) throw notWritten(file, 'it exists already');
  await saveNamedFile(file, text, { fresh: true });
  if (!quiet) process.stderr.write(`Wrote ${file}\nnext: runner plan ${file}\n`);
  return 0;
}

/** The first line leads editors to the schema: completion, explanations, mistakes shown while typing. */
const template = (schema: string) => `# yaml-language-server: $schema=${schema}
#
# Question: does a random horizontal flip help?
name: my-experiment # results go to results/my-experiment
description: Does a random horizontal flip help a small MobileNet that sees little data?

params: # fixed values; everything else has a default that the schema documents
  alpha: 0.25 # MobileNet's width multiplier
  weights: none # or imagenet
  resolution: 28 # pixels
  epochs: 6
  batchSize: 32 # many short steps, so that batch norm's averages settle early
  optimizer: { name: adam, learningRate: 7e-3 }
  schedule: { name: cosine }

augmentations: # named lists; none is built in
  flip: [{ horizontalFlip: { probability: 0.5 } }]

matrix: # every combination of these; add another axis, such as dropout: [0, 0.5]
  augmentation: [none, flip]

seeds: { count: 6 } # one comparison needs six; { until: decided } in its place adds seeds until there is an answer

data: # epochs and settings are chosen on held-out images; the test images judge, once
  trainSubset: 10000
  validation: { holdout: 5000 }

metric: { name: valAccuracy, select: best }

compare:
  baseline: { augmentation: none } # flip against none
  # margin: 0.005 # a difference that matters: half a point; smaller ones are called equivalent

budget: { maxTrials: 50 } # refuse a larger plan
`;
