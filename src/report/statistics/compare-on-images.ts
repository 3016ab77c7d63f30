import type { Metric } from '../../plan/plan.js';
import { analyseImageSampling, sumDifferences, type ImageSampling } from './image-sampling.js';
import type { Pair } from './pair-up.js';

/**
 * What other test images would give, from the bits of which images each trial got right. Null where the metric is not
 * accuracy, where the images are not the test images, and where the bits of a trial are not known.
 * @param seeds those that count
 */
export function compareOnImages(
  { own, other, judgedOn }: Pick<Pair, 'own' | 'other' | 'judgedOn'>,
  seeds: readonly number[],
  { name }: Metric,
): ImageSampling | null {
  if (name !== 'valAccuracy' || judgedOn !== 'test') return null;
  const records = seeds.map((seed) => ({ own: own.tests.get(seed), baseline: other.tests.get(seed) }));
  const first = records[0]?.own;
  if (!first) return null;
  const pairs = records.flatMap(({ own, baseline }) => {
    const areSame = [own, baseline].every((record) => record?.imagesSha256 === first.imagesSha256);
    return areSame ? [{ own: unpack(own!.correct), baseline: unpack(baseline!.correct) }] : [];
  });
  return pairs.length < records.length ? null : analyseImageSampling(sumDifferences(pairs, first.images));
}

const unpack = (bits: string): Uint8Array => Buffer.from(bits, 'base64');
