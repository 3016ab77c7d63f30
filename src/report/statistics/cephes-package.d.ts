/** The part of cephes that is used: its own declarations are not named in its `exports`, so TypeScript finds none. */
declare module 'cephes' {
  /** Resolves when the functions can be called. */
  export const compiled: Promise<void>;
  /** Student's t: the probability of a value up to `t`. `degreesOfFreedom` is an integer above 0. */
  export function stdtr(degreesOfFreedom: number, t: number): number;
  /** Student's t: the value below which lies `probability`. */
  export function stdtri(degreesOfFreedom: number, probability: number): number;
  /** Inverse of the regularised incomplete beta function: the x at which it is `probability`. */
  export function incbi(a: number, b: number, probability: number): number;
}
