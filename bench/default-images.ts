import { defaultDataset } from '../src/data/datasets.js';
import { imageFactsOf } from '../src/data/image-facts.js';

/** Fashion-MNIST, as a trial is given it. */
export async function loadDefaultImages() {
  const { directory } = await defaultDataset.find({ dataDir: undefined, onProgress: console.error });
  const images = await defaultDataset.load(directory);
  return { images, facts: imageFactsOf(defaultDataset, images.train.images) };
}
