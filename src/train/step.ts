import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy, type Seed } from '../engine/fused-operations.js';
import { graphFunction } from '../engine/graph-function.js';
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { TrialParams } from '../plan/plan.js';
import type { Classifier } from './classifier.js';
import { applyEffects } from './effects.js';
import { oneHot, prepareBatch, type Batch, type DeviceImages, type ImageFacts } from './pipeline.js';
import { toolsOf } from './tools.js';

/** Sums over a batch that stay on the device: mean cross-entropy times N, and right answers. A type, as tf.tidy asks for. */
export type BatchSums = {
  readonly lossSum: Scalar;
  readonly correct: Scalar;
};

/** The same of an evaluated batch, and which of its images were right: [B] (int32), 1 or 0. */
export type BatchEvaluation = BatchSums & { readonly isRight: Tensor1D };

/** The two things done with a classifier, each one call of TensorFlow. The caller owns the inputs and the sums. */
export interface Steps {
  /** `indices` [B] (int32) of the batch's images; `seeds` [1 + A, 2] (int32) of the effects and each augmentation. */
  train(images: DeviceImages, indices: Tensor1D, seeds: Tensor2D, optimizerScalars: Tensor1D): BatchSums;
  evaluate(images: DeviceImages, indices: Tensor1D): BatchEvaluation;
}

/** What changes from step to step is an input: a graph function records numbers as they are. */
export function makeSteps(classifier: Classifier, params: TrialParams, facts: ImageFacts): Steps {
  const train = graphFunction((...inputs) => {
    const [images, labels, indices, seeds, optimizerScalars] = inputs as [
      images: Tensor2D,
      labels: Tensor1D,
      indices: Tensor1D,
      seeds: Tensor2D,
      optimizerScalars: Tensor1D,
    ];
    const [effectSeed, ...augmentationSeeds] = seeds.unstack<Tensor1D>();
    const batch = prepareBatch([images, labels], indices, params, facts, augmentationSeeds);
    return asList(trainStep(classifier, batch, params, effectSeed!, optimizerScalars));
  });
  const evaluate = graphFunction((...inputs) => {
    const [images, labels, indices] = inputs as [Tensor2D, Tensor1D, Tensor1D];
    const batch = prepareBatch([images, labels], indices, params, facts, null);
    const { isRight, ...sums } = evaluateBatch(classifier, batch, params);
    return [...asList(sums), isRight];
  });
  return {
    train: ({ tensors }, ...inputs) => asSums(train(...tensors, ...inputs)),
    evaluate: ({ tensors }, indices) => {
      const outputs = evaluate(...tensors, indices);
      return { ...asSums(outputs), isRight: outputs[2] as Tensor1D };
    },
  };
}

/** One step of training. Frozen layers work as in evaluation, as Keras' do. The caller owns the sums. */
export function trainStep(
  classifier: Classifier,
  batch: Batch,
  params: TrialParams,
  effectSeed: Seed,
  optimizerScalars: Tensor1D,
): BatchSums {
  return tf.tidy(() => {
    const tools = toolsOf(effectSeed);
    const { loss, logits, gradients, statistics } = classifier.differentiate(
      batch.images,
      { changeFeatures: (features) => applyEffects('features', features, params, tools) },
      (logits) => trainingLoss(logits, batch, params.labelSmoothing),
    );
    const changed = applyEffects('gradients', gradients, params, tools);
    classifier.update(changed, statistics, optimizerScalars);
    return sumsOf(loss, logits, batch.labels);
  });
}

/** Loss and right answers by the moving statistics. The caller owns the tensors. */
export function evaluateBatch(
  classifier: Classifier,
  { images, labels }: Pick<Batch, 'images' | 'labels'>,
  { testTimeFlip }: Pick<TrialParams, 'testTimeFlip'>,
): BatchEvaluation {
  return tf.tidy(() => {
    const logits = testTimeFlip ? flippedLogits(classifier, images) : classifier.logits(images);
    const sums = sumsOf(sparseSoftmaxCrossEntropy(logits, labels), logits, labels);
    return { ...sums, isRight: rightAnswers(logits, labels).toInt() };
  });
}

/** Mean cross-entropy of logits [N, K]; label smoothing spreads the share ε of a label over all classes (Szegedy et al. 2016). */
function trainingLoss(logits: Tensor2D, { labels, targets }: Batch, labelSmoothing: number): Scalar {
  const classes = logits.shape[1];
  if (!targets && labelSmoothing === 0) return sparseSoftmaxCrossEntropy(logits, labels);
  const shares = targets ?? oneHot(labels, classes);
  const smoothed = shares.mul<Tensor2D>(1 - labelSmoothing).add<Tensor2D>(labelSmoothing / classes);
  return softmaxCrossEntropy(logits, smoothed);
}

/**
 * Logits [N, K] whose softmax is the mean of those of each image and its mirror image. In logarithms: a probability
 * below 1e-38, 88 nats from the others, would be 0 as a float32, and its loss infinite.
 */
function flippedLogits(classifier: Classifier, images: Tensor4D): Tensor2D {
  const own = tf.logSoftmax(classifier.logits(images));
  const mirrored = tf.logSoftmax(classifier.logits(tf.reverse(images, 2)));
  const distance = own.sub(mirrored).abs();
  return tf.maximum(own, mirrored).add<Tensor2D>(distance.neg().exp().log1p()); // log(eᵃ + eᵇ)
}

function sumsOf(loss: Scalar, logits: Tensor2D, labels: Tensor1D): BatchSums {
  const correct = rightAnswers(logits, labels).sum().toFloat() as Scalar;
  return { lossSum: loss.mul<Scalar>(labels.size), correct };
}

/** Of each image, whether its class has the highest logit: [B] (bool). */
function rightAnswers(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return logits.argMax(1).equal(labels);
}

const asList = ({ lossSum, correct }: BatchSums): Tensor[] => [lossSum, correct];

function asSums(outputs: Tensor[]): BatchSums {
  const [lossSum, correct] = outputs as [Scalar, Scalar];
  return { lossSum, correct };
}
