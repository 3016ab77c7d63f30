import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy, type Seed } from '../engine/fused-operations.js';
import { graphFunction } from '../engine/graph-function.js';
import { tf, type Scalar, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
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

/** Also whether each image [B] (bool) was right. */
export type EvaluatedBatch = BatchSums & { readonly areRight: Tensor1D };

/** The two things done with a classifier, each one call of TensorFlow. The caller owns the inputs and the outputs. */
export interface Steps {
  /** `indices` [B] (int32) of the batch's images; `seeds` [1 + A, 2] (int32) of the effects and each augmentation. */
  train(images: DeviceImages, indices: Tensor1D, seeds: Tensor2D, optimizerScalars: Tensor1D): BatchSums;
  evaluate(images: DeviceImages, indices: Tensor1D): EvaluatedBatch;
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
    const { lossSum, correct } = trainStep(classifier, batch, params, effectSeed!, optimizerScalars);
    return [lossSum, correct];
  });
  const evaluate = graphFunction((...inputs) => {
    const [images, labels, indices] = inputs as [Tensor2D, Tensor1D, Tensor1D];
    const batch = prepareBatch([images, labels], indices, params, facts, null);
    const { lossSum, correct, areRight } = evaluateBatch(classifier, batch, params);
    return [lossSum, correct, areRight];
  });
  return {
    train: ({ tensors }, ...inputs) => {
      const [lossSum, correct] = train(...tensors, ...inputs) as [Scalar, Scalar];
      return { lossSum, correct };
    },
    evaluate: ({ tensors }, indices) => {
      const [lossSum, correct, areRight] = evaluate(...tensors, indices) as [Scalar, Scalar, Tensor1D];
      return { lossSum, correct, areRight };
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
    return sumsOf(loss, areRightOf(logits, batch.labels));
  });
}

/** Loss and right answers by the moving statistics. The caller owns the outputs. */
export function evaluateBatch(
  classifier: Classifier,
  { images, labels }: Pick<Batch, 'images' | 'labels'>,
  { testTimeFlip }: Pick<TrialParams, 'testTimeFlip'>,
): EvaluatedBatch {
  return tf.tidy(() => {
    const logits = testTimeFlip ? flippedLogits(classifier, images) : classifier.logits(images);
    const areRight = areRightOf(logits, labels);
    return { ...sumsOf(sparseSoftmaxCrossEntropy(logits, labels), areRight), areRight };
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

/** Whether the largest of each image's logits [N, K] is its label's: [N] (bool). */
function areRightOf(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  return logits.argMax<Tensor1D>(1).equal(labels);
}

function sumsOf(loss: Scalar, areRight: Tensor1D): BatchSums {
  const correct = areRight.sum().toFloat() as Scalar;
  return { lossSum: loss.mul<Scalar>(areRight.size), correct };
}
