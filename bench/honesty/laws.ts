/** Laws of results and of differences, drawn with a seed. */
import { unsafeUniformIntDistribution, xoroshiro128plus } from 'pure-rand';

export class Random {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** In (0, 1). */
  uniform(): number {
    return (unsafeUniformIntDistribution(0, 2 ** 32 - 1, this.#generator) + 0.5) / 2 ** 32;
  }

  /** Box and Muller 1958. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}

export interface Law {
  readonly name: string;
  /** One difference, of mean 0. */
  readonly draw: (random: Random) => number;
}

/** The difference of two results of one law: a setting that changes nothing. */
const sameLaw = (name: string, result: (random: Random) => number): Law => ({
  name,
  draw: (random) => result(random) - result(random),
});

/** Right answers of 2,000 images, each of them with a chance of 0.9: the normal approximation, rounded to whole images. */
function accuracyOf2000(random: Random): number {
  return Math.round(1800 + Math.sqrt(2000 * 0.9 * 0.1) * random.normal()) / 2000;
}

const exponential = (random: Random) => -Math.log(random.uniform()) - 1;

/** A setting that changes nothing: each difference is as likely to have the other sign. The claim covers all of these. */
export const nullLaws: readonly Law[] = [
  { name: 'normal', draw: (random) => random.normal() },
  sameLaw('accuracies of 2,000 images', accuracyOf2000),
  sameLaw('two modes', (random) => (random.uniform() < 0.5 ? -2 : 2) + 0.3 * random.normal()),
  sameLaw('1 run in 10 collapses', (random) => (random.uniform() < 0.1 ? -20 : 0) + random.normal()),
  sameLaw('lognormal', (random) => Math.exp(random.normal())),
];

/** Equal means, other shapes: the setting does change something, though not the mean. No claim covers these. */
export const skewedLaws: readonly Law[] = [
  { name: 'skew 2 (exponential)', draw: exponential },
  { name: 'skew 6 (lognormal)', draw: (random) => Math.exp(random.normal()) - Math.exp(0.5) },
  {
    name: 'the cell alone collapses, 1 in 10',
    draw: (random) => random.normal() + (random.uniform() < 0.1 ? -9 : 1),
  },
];
