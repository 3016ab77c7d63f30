import { setImmediate } from 'node:timers/promises';
import type { FashionMnist } from '../data/fashion-mnist.js';
import { graphFunction } from '../engine/graph-function.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from '../engine/tfjs.js';
import { initialValues } from '../model/initial-values.js';
import { countParameters, mobilenetLayers } from '../model/mobilenet-v1/layers.js';
import type { PretrainedValues } from '../model/mobilenet-v1/pretrained-weights.js';
import type { Trial } from '../plan/plan.js';
import type { CheckpointRequest, EpochRecord, TrialOutcome, TrialProgress } from '../trial/outcome.js';
import { augment } from './augment.js';
import { DeviceImages, selectBatch, splitImages } from './batches.js';
import {
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
  type CheckpointOwner,
  type TensorLayout,
} from './checkpoint.js';
import { Classifier, oneHot, type BatchSums } from './classifier.js';
import { isPlateau } from './early-stopping.js';
import { learningRateAt } from './learning-rate.js';
import { normalizeImages, resizeImages } from './pipeline.js';
import { initialSeeds, shuffledIndices, streamSeed } from './random-streams.js';

const classes = 10;
const evaluationBatch = 250;
/** Steps between two readings of the loss: a reading waits for the device. Fixed, so that divergence is
 * found at the same step on every machine. */
const readingInterval = 20;

export interface TrialListener {
  progress(progress: TrialProgress): void;
  epoch(record: EpochRecord): void;
  /** It works, with nothing to tell. */
  alive(): void;
}

/**
 * Trains one trial and evaluates after each epoch. Returns, rather than throws, when the loss is not finite.
 *
 * With `checkpoint`, its state is kept at that path, and training goes on from what is there of this trial and
 * engine: then its numbers are, to the last digit, those of training that was never interrupted, and its seconds
 * those of the epochs in both parts. A checkpoint that cannot be used or written costs a line on the standard
 * error, no more.
 */
export async function trainTrial(
  trial: Trial,
  data: FashionMnist,
  pretrained: PretrainedValues | null,
  engine: string,
  listener: TrialListener,
  checkpoint: CheckpointRequest | null = null,
): Promise<TrialOutcome> {
  const { params, seed } = trial;
  const { training, validation } = splitImages(data, params.trainSubset, trial.data);
  const layers = mobilenetLayers(params.alpha);
  const classifier = new Classifier(
    layers,
    initialValues(layers, classes, initialSeeds(seed), pretrained),
    params,
  );
  const stepsPerEpoch = Math.ceil(training.labels.length / params.batchSize);
  const owner = { trialId: trial.id, engine };
  const saved = checkpoint && (await findCheckpoint(checkpoint.path, owner, classifier.layout));
  listener.alive();

  const epochs: EpochRecord[] = [...(saved?.epochs ?? [])];
  const stepsBefore = epochs.length * stepsPerEpoch;
  const measuredSoFar = () => ({
    trainSeconds: (saved?.trainSeconds ?? 0) + secondsSince(started),
    peakBytes: Math.max(saved?.peakBytes ?? 0, process.resourceUsage().maxRSS * 1024),
  });
  const measured = () => ({
    epochs,
    parameters: countParameters(params.alpha, classes),
    ...measuredSoFar(),
    engine,
  });

  const trainingImages = new DeviceImages(training);
  const validationImages = new DeviceImages(validation);
  // One call a step: everything that changes from step to step is an input.
  const stepFunction = graphFunction((...inputs) => {
    const [images, labels, indices, seeds, optimizerScalars] = inputs as StepInputs;
    const [dropoutSeed, ...augmentSeeds] = seeds.unstack<Tensor1D>();
    const batch = selectBatch([images, labels], indices);
    const mixes = params.augmentation.some(({ name }) => name === 'mixup');
    const examples = {
      images: resizeImages(batch.images, params.resolution), // [N, S, S, 1]
      targets: mixes ? oneHot(batch.labels, classes) : null,
    };
    const augmented = augment(examples, params.augmentation, (index) => augmentSeeds[index]!);
    const sums = classifier.trainStep(
      {
        images: normalizeImages(augmented.images, params.normalization),
        labels: batch.labels,
        targets: augmented.targets,
      },
      dropoutSeed!,
      optimizerScalars,
    );
    return [sums.lossSum, sums.correct];
  });
  const evaluationFunction = graphFunction((...inputs) => {
    const [images, labels, indices] = inputs as [Tensor2D, Tensor1D, Tensor1D];
    const batch = selectBatch([images, labels], indices);
    const resized = resizeImages(batch.images, params.resolution);
    const normalized = normalizeImages(resized, params.normalization);
    const sums = classifier.evaluate(normalized, batch.labels, params.testTimeFlip);
    return [sums.lossSum, sums.correct];
  });

  const learningRateOf = (draw: number) =>
    learningRateAt(draw, params.optimizer.learningRate, params.schedule, stepsPerEpoch, params.epochs);
  const trainStep = (indices: Int32Array, draw: number): BatchSums => {
    const seeds = [
      streamSeed(seed, 'dropout', draw),
      ...params.augmentation.map((_, index) => streamSeed(seed, 'augment', draw * 64 + index)),
    ];
    return tf.tidy(() =>
      asSums(
        stepFunction(
          ...trainingImages.tensors,
          tf.tensor1d(indices, 'int32'),
          tf.tensor2d(seeds, [seeds.length, 2], 'int32'),
          classifier.optimizerScalars(draw, learningRateOf(draw)),
        ),
      ),
    );
  };

  const batchOf = (order: Int32Array, step: number) =>
    order.subarray((step - 1) * params.batchSize, step * params.batchSize);

  if (saved) {
    // The first call of a graph function with inputs of a shape runs operation by operation, all later ones as
    // one function, which TensorFlow may optimise as a whole: on the CPU the digits were the same, on a GPU it is
    // not known. So the first calls are made here, and leave no trace: the state is put back after them.
    const order = shuffledIndices(training.labels.length, seed, 1);
    for (const step of new Set([1, stepsPerEpoch])) {
      const { lossSum, correct } = trainStep(batchOf(order, step), step);
      tf.dispose([lossSum, correct]);
      listener.alive();
    }
    await evaluateAll(validationImages, evaluationFunction, listener);
    classifier.restore(saved.tensors);
  }

  const started = performance.now();
  for (let epoch = epochs.length + 1; epoch <= params.epochs; epoch++) {
    const epochStarted = performance.now();
    const order = shuffledIndices(training.labels.length, seed, epoch);
    const sums = new RunningSums();
    for (let step = 1; step <= stepsPerEpoch; step++) {
      const indices = batchOf(order, step);
      sums.add(trainStep(indices, (epoch - 1) * stepsPerEpoch + step), indices.length);
      if (step % readingInterval === 0 || step === stepsPerEpoch) {
        sums.read(); // device to host
        if (!Number.isFinite(sums.loss)) return { ...measured(), status: 'diverged', epoch, step };
      }
      listener.progress({
        epoch,
        step,
        stepsPerEpoch,
        loss: sums.loss,
        accuracy: sums.accuracy,
        secondsLeft: secondsLeft(
          started,
          (epoch - 1) * stepsPerEpoch + step - stepsBefore,
          params.epochs * stepsPerEpoch - stepsBefore,
        ),
      });
      await setImmediate(); // lets messages out and a lost parent be noticed
    }
    const result = await evaluateAll(validationImages, evaluationFunction, listener);
    if (!Number.isFinite(result.loss))
      return { ...measured(), status: 'diverged', epoch, step: stepsPerEpoch };
    const record = {
      epoch,
      trainLoss: sums.loss!,
      trainAccuracy: sums.accuracy!,
      valLoss: result.loss!,
      valAccuracy: result.accuracy!,
      seconds: secondsSince(epochStarted),
    };
    epochs.push(record);
    listener.epoch(record);
    sums.dispose();
    const plateau = isPlateau(
      epochs.map(({ valLoss }) => valLoss),
      params.earlyStopping,
    );
    if (plateau || epoch === params.epochs) break;
    if (checkpoint && checkpoint.everyEpochs > 0 && epoch % checkpoint.everyEpochs === 0) {
      const state = { epochs, ...measuredSoFar(), tensors: classifier.save() };
      await writeCheckpoint(checkpoint.path, owner, state).catch((error: unknown) => {
        console.error(`No checkpoint after epoch ${epoch}: ${reasonOf(error)}`);
      });
      listener.alive();
    }
  }
  classifier.dispose();
  trainingImages.dispose();
  validationImages.dispose();
  return { ...measured(), status: 'completed' };
}

/** The state to go on from; null where there is none that can be used. */
async function findCheckpoint(
  path: string,
  owner: CheckpointOwner,
  layout: readonly TensorLayout[],
): Promise<Checkpoint | null> {
  try {
    const saved = await readCheckpoint(path, owner, layout);
    if (saved) console.error(`Training goes on after epoch ${saved.epochs.length}, from ${path}`);
    return saved;
  } catch (error) {
    console.error(`Training starts from the beginning: ${path} cannot be used, ${reasonOf(error)}`);
    return null;
  }
}

/** Mean loss and accuracy over all images, without dropout and augmentation. */
async function evaluateAll(
  images: DeviceImages,
  evaluate: (...inputs: Tensor[]) => Tensor[],
  listener: Pick<TrialListener, 'alive'>,
): Promise<RunningSums> {
  const sums = new RunningSums();
  for (let first = 0; first < images.length; first += evaluationBatch) {
    const size = Math.min(evaluationBatch, images.length - first);
    sums.add(
      tf.tidy(() => asSums(evaluate(...images.tensors, tf.range(first, first + size, 1, 'int32')))),
      size,
    );
    listener.alive();
    await setImmediate();
  }
  sums.read(); // device to host
  sums.dispose();
  return sums;
}

type StepInputs = [
  images: Tensor2D,
  labels: Tensor1D,
  indices: Tensor1D,
  seeds: Tensor2D,
  optimizerScalars: Tensor1D,
];

function asSums(outputs: Tensor[]): BatchSums {
  const [lossSum, correct] = outputs as [Scalar, Scalar];
  return { lossSum, correct };
}

/** Sums over batches, kept on the device until read. */
class RunningSums {
  #lossSum: Scalar = tf.keep(tf.scalar(0));
  #correct: Scalar = tf.keep(tf.scalar(0));
  #images = 0;
  loss: number | null = null;
  accuracy: number | null = null;

  /** Takes over the batch's tensors. */
  add({ lossSum, correct }: BatchSums, images: number): void {
    this.#lossSum = accumulate(this.#lossSum, lossSum);
    this.#correct = accumulate(this.#correct, correct);
    this.#images += images;
  }

  read(): void {
    this.loss = this.#lossSum.dataSync()[0]! / this.#images;
    this.accuracy = this.#correct.dataSync()[0]! / this.#images;
  }

  dispose(): void {
    tf.dispose([this.#lossSum, this.#correct]);
  }
}

function accumulate(sum: Scalar, term: Scalar): Scalar {
  const next = tf.keep(sum.add<Scalar>(term));
  tf.dispose([sum, term]);
  return next;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

function secondsLeft(start: number, done: number, all: number): number {
  return (secondsSince(start) / done) * (all - done);
}
