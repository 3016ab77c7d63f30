/** Networks with ImageNet's weights and 64 real images, written in every format: what others make of them is compared. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ParamsEntry } from '../../src/params/parameter.js';
import { mobilenetLayers } from '../../src/model/mobilenet-v1/layers.js';
import { readPretrainedWeights } from '../../src/model/mobilenet-v1/pretrained-weights.js';
import { predict } from '../../src/predict/predict.js';
import type { ModelCard } from '../../src/saving/model-card.js';
import type { ModelFormat } from '../../src/saving/model-format.js';
import { portableModel } from '../../src/saving/portable-model.js';
import { contextOf, paramsOf } from '../params.js';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const floats = (text: string) => new Float32Array(bytes(text).buffer);

const half = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** What is made of the images, of what fixture they and the last layer are, and whether its logits are of this. */
export const cases = [
  ['grey, as large as they are', '28', { resolution: 28 }, null, true],
  ['grey, doubled', '56', { resolution: 56 }, null, true],
  ['grey, shrunk', '28', { resolution: 20 }, null, false],
  ['grey, shrunk, with their mirror images', '28', { resolution: 17, testTimeFlip: true }, null, false],
  ['colour', 'colour-32', { resolution: 32 }, null, true],
  ['colour, normalized, grown', 'colour-32', { resolution: 45 }, half, false],
  ['colour, with their mirror images', 'colour-32', { resolution: 32, testTimeFlip: true }, half, false],
] as const satisfies readonly [string, string, ParamsEntry, ModelCard['input']['normalization'], boolean][];

export interface WrittenModel {
  readonly directory: string;
  readonly card: ModelCard;
  readonly images: Uint8Array;
  /** Of each image, by this program's engine. */
  readonly probabilities: readonly Float32Array[];
  /** Of Keras in double precision; null where the fixture has them for another model. */
  readonly logits: Float32Array | null;
}

/** Writes one format into a new folder, and the images beside it as `pixels`. */
async function writeRealModel(
  format: ModelFormat,
  [, fixtureName, entry, normalization, isOfThis]: (typeof cases)[number],
): Promise<WrittenModel> {
  const text = readFileSync(`${fixtures}keras-mobilenet-${fixtureName}.json`, 'utf8');
  const fixture = JSON.parse(text) as Readonly<Record<'images' | 'denseKernel' | 'logits', string>>;
  const [side, channels] = fixtureName === 'colour-32' ? ([32, 3] as const) : ([28, 1] as const);
  const params = paramsOf(entry);
  const layers = mobilenetLayers(params.alpha);
  const pretrained = await readPretrainedWeights(`${fixtures}weights/mobilenet_2_5_224_tf_no_top.h5`, layers);
  const values = new Map([...pretrained, ['dense/kernel', floats(fixture.denseKernel)]]);
  const bias = new Float32Array(values.get('dense/kernel')!.length / layers.at(-1)!.outChannels);
  const tensors = [...values, ['dense/bias', bias] as const].map(([name, values]) => ({
    name,
    shape: [values.length],
    values,
  }));
  const { resolution, testTimeFlip } = params;
  const card: ModelCard = {
    version: 1,
    program: 'classifier-sweep-runner 0.1.0',
    name: 'real-images.1',
    description: 'Does it load?',
    experiment: 'name: real-images.1\n',
    axes: { resolution },
    trial: {
      id: 'ab'.repeat(32),
      cellIndex: 0,
      label: 'resolution=28 seed=1',
      seed: 1,
      params,
      data: { validation: 'test' },
      context: contextOf(),
    },
    epoch: 3,
    metric: {
      name: 'valAccuracy',
      goal: 'maximize',
      select: 'best',
      value: 0.9,
      cellMean: 0.91,
      cellSeeds: 2,
    },
    test: null,
    parameters: 0,
    classes: Array.from({ length: bias.length }, (_, index) => `Größe ${index}`),
    input: {
      side,
      channels,
      fit: 'crop',
      background: 0,
      resolution,
      normalization,
      isMirrored: testTimeFlip,
    },
  };
  const directory = mkdtempSync(join(tmpdir(), 'runner-model-'));
  await format.write(portableModel(card, tensors), directory);
  const images = bytes(fixture.images);
  writeFileSync(join(directory, 'pixels'), images);
  return {
    directory,
    card,
    images,
    probabilities: predict(card, tensors, images),
    logits: isOfThis ? floats(fixture.logits) : null,
  };
}

/** All cases in one format, in order. */
export const writeRealModels = (format: ModelFormat): Promise<WrittenModel[]> =>
  Promise.all(cases.map((one) => writeRealModel(format, one)));

export function removeModels(models: readonly WrittenModel[]): void {
  for (const { directory } of models) rmSync(directory, { recursive: true });
}

/** The largest difference of two probabilities. */
export function largestDifference(
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): number {
  if (actual.length !== expected.length) return Infinity;
  const differences = expected.flatMap((row, image) =>
    Array.from(row, (value, index) => Math.abs(value - (actual[image]![index] ?? Infinity))),
  );
  return Math.max(...differences);
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}
