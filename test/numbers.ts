/** A number from 0 to 1 that belongs to these whole numbers, in no pattern (Fibonacci hashing). */
export const numberOf = (...parts: readonly number[]): number =>
  (Math.imul(parts.reduce((sum, part) => (sum * 31 + part) % 2 ** 31, 7) + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
