import {
  gatherRows,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  type Seed,
} from '../engine/fused-operations.js';
import { graphFunction } from '../engine/graph-function.js';
import { tf, type Scalar, type Tensor1D, type Tensor2D, type Tensor4D } from '../engine/tfjs.js';
import type { TrialParams } from '../plan/plan.js';
import type { Classifier } from './classifier.js';
import { applyEffects } from './effects.js';
import { oneHot, prepareBatch, type Batch, type BatchSource, type ImageFacts } from './pipeline.js';
import { toolsOf } from './tools.js';

/** Sums over a batch that stay on the device: mean cross-entropy times N, and right answers. A type, as tf.tidy asks for. */
export type BatchSums = {
  readonly lossSum: Scalar;
  readonly correct: Scalar;
};

/**
 * Also, of each image, the class of the largest logit [B] (int32), the probabilities of that class and of the label [2, B], and
 * whether the label's logit is among the five largest [B] (bool).
 */
export type EvaluatedBatch = BatchSums & {
  readonly predictions: Tensor1D;
  readonly probabilities: Tensor2D;
  readonly areInTop5: Tensor1D;
};

/** The two things done with a classifier, each one call of TensorFlow. The caller owns the inputs and the outputs. */
export interface Steps {
  /** `seeds` [1 + A, 2] (int32) of the effects and each augmentation. */
  train(batch: BatchSource, seeds: Tensor2D, optimizerScalars: Tensor1D): BatchSums;
  evaluate(batch: BatchSource): EvaluatedBatch;
}

/**
 * What changes from step to step is an input: a graph function records numbers as they are.
 * @param classWeights of each class, in the training loss; null: none
 */
export function makeSteps(
  classifier: Classifier,
  params: TrialParams,
  facts: ImageFacts,
  classWeights: readonly number[] | null,
): Steps {
  const train = graphFunction((...inputs) => {
    const [images, labels, indices, seeds, optimizerScalars] = inputs as [
      images: Tensor2D,
      labels: Tensor1D,
      indices: Tensor1D,
      seeds: Tensor2D,
      optimizerScalars: Tensor1D,
    ];
    const [effectSeed, ...augmentationSeeds] = seeds.unstack<Tensor1D>();
    const batch = prepareBatch([images, labels, indices], params, facts, augmentationSeeds);
    const { lossSum, correct } = trainStep(
      classifier,
      batch,
      params,
      effectSeed!,
      optimizerScalars,
      classWeights,
    );
    return [lossSum, correct];
  });
  const evaluate = graphFunction((...inputs) => {
    const batch = prepareBatch(inputs as [Tensor2D, Tensor1D, Tensor1D], params, facts, null);
    const evaluated = evaluateBatch(classifier, batch, params);
    const { lossSum, correct, predictions, probabilities, areInTop5 } = evaluated;
    return [lossSum, correct, predictions, probabilities, areInTop5];
  });
  return {
    train: (batch, ...inputs) => {
      const [lossSum, correct] = train(...batch, ...inputs) as [Scalar, Scalar];
      return { lossSum, correct };
    },
    evaluate: (batch) => {
      const [lossSum, correct, predictions, probabilities, areInTop5] = evaluate(...batch) as [
        Scalar,
        Scalar,
        Tensor1D,
        Tensor2D,
        Tensor1D,
      ];
      return { lossSum, correct, predictions, probabilities, areInTop5 };
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
  classWeights: readonly number[] | null = null,
): BatchSums {
  return tf.tidy(() => {
    const tools = toolsOf(effectSeed);
    const { loss, logits, gradients, statistics } = classifier.differentiate(
      batch.images,
      { changeFeatures: (features) => applyEffects('features', features, params, tools) },
      (logits) => trainingLoss(logits, batch, params.labelSmoothing, classWeights),
    );
    const changed = applyEffects('gradients', gradients, params, tools);
    classifier.update(changed, statistics, optimizerScalars);
    return sumsOf(loss, logits.argMax<Tensor1D>(1).equal(batch.labels));
  });
}

/** Loss and right answers by the moving statistics. The caller owns the outputs. */
export function evaluateBatch(
  classifier: Classifier,
  { images, labels }: Pick<Batch, 'images' | 'labels'>,
  { testTimeFlip }: Pick<TrialParams, 'testTimeFlip'>,
): EvaluatedBatch {
  return tf.tidy(() => {
    const logits = logitsOf(classifier, images, testTimeFlip);
    const predictions = logits.argMax<Tensor1D>(1);
    const sums = sumsOf(sparseSoftmaxCrossEntropy(logits, labels), predictions.equal(labels));
    const probabilities = probabilitiesOf([predictions, labels], logits);
    return { ...sums, predictions, probabilities, areInTop5: areAmongLargest(5, logits, labels) };
  });
}

/** Logits [N, K] as evaluation takes them. The caller owns the tensor. */
export function logitsOf(classifier: Classifier, images: Tensor4D, testTimeFlip: boolean): Tensor2D {
  return tf.tidy(() => (testTimeFlip ? flippedLogits(classifier, images) : classifier.logits(images)));
}

/**
 * Mean cross-entropy of logits [N, K]; label smoothing spreads the share ε of a label over all classes (Szegedy et al.
 * 2016). An image's loss is multiplied by the weight of its class, or the mean of those that it is a mixture of.
 */
function trainingLoss(
  logits: Tensor2D,
  { labels, targets }: Batch,
  labelSmoothing: number,
  classWeights: readonly number[] | null,
): Scalar {
  const classes = logits.shape[1];
  const ofClasses = classWeights && tf.tensor1d([...classWeights]);
  if (!targets && labelSmoothing === 0)
    return sparseSoftmaxCrossEntropy(logits, labels, ofClasses && gatherRows(ofClasses, labels));
  const shares = targets ?? oneHot(labels, classes);
  const smoothed = shares.mul<Tensor2D>(1 - labelSmoothing).add<Tensor2D>(labelSmoothing / classes);
  return softmaxCrossEntropy(logits, smoothed, ofClasses && shares.mul(ofClasses).sum<Tensor1D>(1));
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

/** By logits [N, K], of each list of classes [N]: [lists, N]. */
function probabilitiesOf(lists: readonly Tensor1D[], logits: Tensor2D): Tensor2D {
  const all = tf.softmax(logits);
  return tf.stack(lists.map((classes) => all.mul(oneHot(classes, logits.shape[1])).sum(1))) as Tensor2D;
}

/** Whether fewer than `count` of an image's logits [N, K] are larger than its label's: [N] (bool). */
export function areAmongLargest(count: number, logits: Tensor2D, labels: Tensor1D): Tensor1D {
  const own = logits.mul(oneHot(labels, logits.shape[1])).sum(1, true); // [N, 1]
  return logits.greater(own).sum(1).less(count);
}

function sumsOf(loss: Scalar, areRight: Tensor1D): BatchSums {
  const correct = areRight.sum().toFloat() as Scalar;
  return { lossSum: loss.mul<Scalar>(areRight.size), correct };
}
