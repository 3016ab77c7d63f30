import { tf } from '../engine/tfjs.js';
import type { SampleAnswer, SampleRequest } from '../trial/sample-protocol.js';
import { prepareBatch } from './pipeline.js';
import { DeviceImages } from './device-images.js';
import { streamSeed } from './random-streams.js';

/** The images as training would see them: each set drawn once, by seeds that are always the same. */
export function drawSamples({ facts, images, labels, resolution, sets }: SampleRequest): SampleAnswer {
  const uploaded = new DeviceImages({ images, labels }, facts.shape);
  try {
    const indices = Int32Array.from(labels, (_, index) => index);
    return sets.map((augmentation) =>
      tf.tidy(() => {
        const seeds = augmentation.map((_, place) =>
          tf.tensor1d([...streamSeed(2017, 'augment', place)], 'int32'),
        );
        const params = { resolution, normalization: 'unit', augmentation } as const;
        const batch = prepareBatch(uploaded.batch(indices), params, facts, seeds);
        const values = batch.images.dataSync(); // [N, S, S, C], 0 to 1 but for what an augmentation makes of it
        const bytes = Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
        const size = bytes.length / labels.length;
        return Array.from(labels, (_, index) => bytes.slice(index * size, (index + 1) * size));
      }),
    );
  } finally {
    uploaded.dispose();
  }
}
