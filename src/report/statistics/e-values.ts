/**
 * E-values of paired differences: evidence against "no difference" that stays valid at any look. By Ville's inequality the
 * chance that an e-process ever reaches 1/α is at most α, so 1 / (its maximum so far) is a p-value at any time.
 */
import { stdtr } from './cephes.js';

/**
 * Precision g of the effect sizes that the t mixture bets on, δ ~ N(0, 1/g). A constant: one chosen after the data would
 * void the guarantee. 1 is within two points of the best power for effects up to one standard deviation, and within a
 * seed of the fewest seeds for larger ones (simulated over 0.25 to 4).
 */
const g = 1;

/** Looks count from six seeds on: with five, the worst symmetric differences are called different in 9 % of cases. */
export const firstLook = 6;

/** Sizes of the bets on a sign. */
const lambdas = [1, 3] as const;

const share = (n: number): number => g / (g + n); // r

/**
 * Logarithm of the e-value of n differences against a mean of 0: a normal mixture over the effect size, with the
 * right-Haar prior on the scale (Wang and Ramdas 2023, arXiv 2310.03722, theorem 4.9; R package avlm).
 * log E = ½ log r + (n/2)(log1p u − log1p(r u)), with u = t²/(n − 1) and r = g/(g + n).
 * @param tSquared square of the paired t; Infinity gives the limit ((n − 1)/2) log((g + n)/g)
 */
export function logEvalueT(tSquared: number, n: number): number {
  const r = share(n);
  if (tSquared === Infinity) return (-(n - 1) / 2) * Math.log(r);
  const u = tSquared / (n - 1);
  return Math.log(r) / 2 + (n / 2) * (Math.log1p(u) - Math.log1p(r * u));
}

/**
 * As `logEvalueT`, against a mean of at most 0: the mixture is half-normal, over effects above 0.
 * log E = log 2 + ½ log r + (n/2) log1p(q) + log T_n(sign(t) √(n q)), with q = (1 − r) u / (1 + r u) and T_n the
 * distribution function of Student's t with n degrees of freedom.
 */
export function logEvalueOneSided(t: number, n: number): number {
  const r = share(n);
  const u = t ** 2 / (n - 1);
  const q = (1 - r) / (1 / u + r); // also where u is Infinity, or 0
  const tail = stdtr(n, Math.sign(t) * Math.sqrt(n * q));
  return Math.log(2) + Math.log(r) / 2 + (n / 2) * Math.log1p(q) + Math.log(tail);
}

/** The |t| at which the e-value of n differences is 1/α; Infinity where none reaches it. */
export function criticalT(n: number, alpha: number): number {
  const r = share(n);
  const logK = (-Math.log(r) - 2 * Math.log(alpha)) / n;
  const left = 1 - r * Math.exp(logK);
  return left > 0 ? Math.sqrt(((n - 1) * Math.expm1(logK)) / left) : Infinity;
}

/**
 * The sign-flip e-process (Koning 2023, arXiv 2310.01153): where two settings do the same, each difference was as likely
 * to have the other sign, whatever its distribution. With u_i = d_i / √(mean of d_j², j ≤ i),
 * E = mean over λ and both signs of Π exp(±λ u_i) / cosh(λ u_i); one-sided, with the positive sign only.
 */
export class SignFlipProcess {
  #count = 0;
  #squares = 0;
  #sum = 0; // of u
  readonly #logCosh = lambdas.map(() => 0);

  add(difference: number): void {
    this.#count++;
    this.#squares += difference ** 2;
    const u = this.#squares === 0 ? 0 : difference / Math.sqrt(this.#squares / this.#count);
    this.#sum += u;
    for (const [index, lambda] of lambdas.entries()) this.#logCosh[index]! += logCosh(lambda * u);
  }

  /** Logarithm of the e-value against symmetry about 0. */
  get logEvalue(): number {
    return this.#logMean([1, -1]);
  }

  /** Logarithm of the e-value against symmetry about 0 or less. */
  get logEvalueOneSided(): number {
    return this.#logMean([1]);
  }

  #logMean(signs: readonly number[]): number {
    const terms = signs.flatMap((sign) =>
      lambdas.map((lambda, index) => sign * lambda * this.#sum - this.#logCosh[index]!),
    );
    const largest = Math.max(...terms);
    const sum = terms.reduce((total, term) => total + Math.exp(term - largest), 0);
    return largest + Math.log(sum / terms.length);
  }
}

function logCosh(x: number): number {
  const size = Math.abs(x);
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}
