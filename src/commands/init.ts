import { lstatSync, realpathSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { datasetNames } from '../data/datasets.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { expandSpec } from '../plan/expand-plan.js';
import { parseSpec } from '../spec/load-spec.js';
import { schemaPath } from '../spec/schema/compile-schema.js';
import { isStandardOutput } from '../system/descriptor-path.js';
import { fileIdentity } from '../system/file-identity.js';
import { portablePath } from '../system/file-names.js';
import { isWithin } from '../system/is-within.js';
import type { Arguments } from './arguments.js';
import { experimentForData } from './experiment-for-data.js';
import { lookAtData } from './look-at-data.js';
import { openDatasets } from './open-datasets.js';
import { notWritten, saveNamedFile } from './save-named-file.js';

/** Writes a commented experiment that validates and runs within minutes. Never over a file that is there. */
export async function init(args: Arguments): Promise<number> {
  const { files, from, quiet } = args;
  const file = files[0] ?? 'experiment.yaml';
  const isOutput = isStandardOutput(file);
  if (!isOutput && (await fileIdentity(file)) !== null) throw notWritten(file, 'it exists already');
  const schema = portablePath(relative(isOutput ? '.' : dirname(resolve(file)), schemaPath));
  const text =
    from === undefined ? template(schema) : await textFor(from, isOutput ? null : file, schema, args);
  if (isOutput) {
    process.stdout.write(text);
    return 0;
  }
  await saveNamedFile(file, text, { fresh: true });
  if (!quiet) process.stderr.write(`Wrote ${file}\nnext: runner plan ${file}\n`);
  return 0;
}

/** Shares of the training images that validate: the usual one, and larger ones where a class has too few images for it. */
const shares = [0.2, 0.25, 0.3, 0.4, 0.5] as const;

/**
 * An experiment for the images at a path, which has been loaded as it will be.
 * @param file where it will be; null: standard output
 * @throws RunnerError where the images make no data set, or a class has one training image and none to validate
 */
async function textFor(from: string, file: string | null, schema: string, args: Arguments): Promise<string> {
  const found = await lookAtData(from, args);
  const places = { path: pathFor(from, file), schema };
  let refused: unknown;
  for (const share of shares) {
    const text = experimentForData(found, places, share);
    try {
      const spec = parseSpec(text, file ?? '<stdout>', datasetNames);
      expandSpec(spec, (await openDatasets(spec, args)).factsOf);
      return text;
    } catch (error) {
      const problem = error instanceof RunnerError ? error.problems[0] : undefined;
      if (problem?.reason !== 'class-not-parted') throw error;
      // The text with the place of the problem is never written.
      refused = new RunnerError([{ ...problem, place: found.place }]);
    }
  }
  throw refused;
}

/** The data's path as seen from the file; the whole path where a link leads to the file's folder, or to another disk. */
function pathFor(from: string, file: string | null): string {
  const folder = file === null ? resolve('.') : dirname(resolve(file));
  const isLinked =
    lstatSync(folder, { throwIfNoEntry: false }) !== undefined && realpathSync(folder) !== folder;
  if (isLinked) return resolve(from);
  const path = portablePath(relative(folder, resolve(from)));
  return isWithin(folder, resolve(from)) ? `./${path}` : path;
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
