import { channelStatistics } from './channel-statistics.js';
import type { Dataset, ImageFacts } from './dataset.js';

/**
 * What training knows of a data set that has a name everywhere: of its pixels what its training images say, where nothing
 * else does.
 * @param training all of its training images
 */
export function imageFactsOf(dataset: Dataset, training: Uint8Array): ImageFacts {
  const { shape, classes, mean, deviation } = dataset;
  const known = mean !== null && deviation !== null;
  return { shape, classes, ...(known ? { mean, deviation } : channelStatistics(training, shape[2])) };
}
