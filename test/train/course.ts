/** Training of small trials, whole or cut off after an epoch. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { DatasetImages } from '../../src/data/dataset.js';
import { readPretrained } from '../../src/model/create-network.js';
import type { Trial, TrialParams, Validation } from '../../src/plan/plan.js';
import { trainTrial } from '../../src/train/train-trial.js';
import type { EpochRecord } from '../../src/trial/outcome.js';
import type { TrialProgress } from '../../src/trial/trial-protocol.js';
import { imageFacts } from '../facts.js';
import { paramsOf } from '../params.js';

export const engine = 'tensorflow-cpu';

/** Bright squares on noise, at a place that tells the class. Trained by 20, 20 and 8, tested by 250 and 50. */
export const squares = {
  val: null,
  train: { images: images(148), labels: labels(148) },
  test: { images: images(300), labels: labels(300) },
};

function images(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 784 }, (_, index) => {
    const [image, pixel] = [Math.floor(index / 784), index % 784];
    const [row, column] = [Math.floor(pixel / 28), pixel % 28];
    const noise = (index * 7919) % 61;
    const label = image % 10;
    const inside = Math.floor(row / 6) === label % 4 && Math.floor(column / 8) === Math.floor(label / 4);
    return inside ? 255 - noise : noise;
  });
}

function labels(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => index % 10);
}

export const trialOf = (
  params: Partial<TrialParams>,
  id = 'a1b2',
  validation: Validation = 'test',
): Trial => ({
  id,
  cellIndex: 0,
  label: '',
  seed: 2017,
  params: { ...paramsOf(), trainSubset: 48, batchSize: 20, epochs: 4, ...params },
  data: { validation },
  context: { trainerVersion: 3, dataSha256: '', weightsSha256: null, engineFamily: 'tensorflow' },
});

async function pretrainedValues({ params }: Trial) {
  if (params.weights === 'none') return null;
  const file = new URL('../fixtures/weights/mobilenet_2_5_224_tf_no_top.h5', import.meta.url);
  return readPretrained(fileURLToPath(file), params);
}

export class Interruption extends Error {}

export interface Course {
  readonly epochs: readonly Omit<EpochRecord, 'seconds'>[];
  readonly progress: readonly TrialProgress[];
  /** The trial's outcome; null where it was interrupted. */
  readonly outcome: Awaited<ReturnType<typeof trainTrial>> | null;
}

/** Trains; with `until`, to the first step after that epoch, where it is cut off as a killed process is. */
export async function train(
  trial: Trial,
  {
    every = 1,
    at,
    until = Infinity,
    images = squares,
    networksAt,
  }: { every?: number; at: string; until?: number; images?: DatasetImages; networksAt?: string },
): Promise<Course> {
  const epochs: EpochRecord[] = [];
  const progress: TrialProgress[] = [];
  const listener = {
    progress: (sign: TrialProgress) => {
      if (sign.epoch > until) throw new Interruption();
      progress.push(sign);
    },
    epoch: (record: EpochRecord) => void epochs.push(record),
    alive: () => {},
  };
  const checkpoint = { path: at, everyEpochs: every };
  const pretrained = await pretrainedValues(trial);
  const networks = networksAt === undefined ? {} : { networksPath: networksAt };
  const job = { trial, facts: imageFacts, images, pretrained, engine, checkpoint, ...networks };
  const outcome = await trainTrial(job, listener).catch((error: unknown) => {
    if (error instanceof Interruption) return null;
    throw error;
  });
  return { epochs: epochs.map(numbersOf), progress, outcome };
}

/** Without what no two trainings have in common: their seconds. */
export function numbersOf(record: EpochRecord): Omit<EpochRecord, 'seconds'> {
  const numbers: Partial<EpochRecord> = { ...record };
  delete (numbers as { seconds?: number }).seconds;
  return numbers as Omit<EpochRecord, 'seconds'>;
}

/** Every epoch of an outcome that is no failure. */
export function curve({ outcome }: Course): Omit<EpochRecord, 'seconds'>[] {
  if (outcome?.status !== 'completed') return expect.unreachable(`it ended ${outcome?.status}`);
  return outcome.epochs.map(numbersOf);
}
