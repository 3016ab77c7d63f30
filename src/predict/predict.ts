import { tf, type Tensor4D } from '../engine/tfjs.js';
import { createNetwork } from '../model/create-network.js';
import { initialValues } from '../model/initial-values.js';
import type { ModelCard } from '../saving/model-card.js';
import type { NamedTensor } from '../saving/networks/safetensors.js';
import { Classifier } from '../train/classifier.js';
import { resizeImages } from '../train/pipeline.js';
import { logitsOf } from '../train/step.js';

const batchSize = 64;

/**
 * A saved model's probabilities of each class, for each image.
 * @param images one after the other, side × side × channels bytes each
 */
export function predict(
  { trial, classes, input }: ModelCard,
  tensors: readonly NamedTensor[],
  images: Uint8Array,
): Float32Array[] {
  const { side, channels, resolution, normalization, isMirrored } = input;
  const params = { ...trial.params, precision: 'float32' as const }; // as whoever else loads the model computes
  const network = createNetwork(params, { classes, shape: [side, side, channels] });
  const given = new Map(tensors.map(({ name, values }) => [name, values]));
  const classifier = new Classifier(
    network,
    initialValues(network, () => [0, 0], given),
    trial.params.optimizer,
  );
  const size = side * side * channels;
  const probabilities: Float32Array[] = [];
  try {
    for (let first = 0; first < images.length; first += batchSize * size) {
      const bytes = images.subarray(first, first + batchSize * size);
      const batch = tf.tidy(() => {
        const pixels = tf.tensor4d(Float32Array.from(bytes), [bytes.length / size, side, side, channels]);
        const resized = resizeImages(pixels, resolution);
        const normalized = normalization
          ? resized
              .sub<Tensor4D>(tf.tensor1d([...normalization.mean]))
              .div<Tensor4D>(tf.tensor1d([...normalization.deviation]))
          : resized;
        return tf.softmax(logitsOf(classifier, normalized, isMirrored)).dataSync() as Float32Array;
      });
      for (let at = 0; at < batch.length; at += classes.length)
        probabilities.push(batch.slice(at, at + classes.length));
    }
  } finally {
    classifier.dispose();
  }
  return probabilities;
}
