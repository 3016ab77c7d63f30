/**
 * How many trials a plan has, as a sum that can be checked by hand:
 * `augmentation (3) × resolution (2) = 6 cells × 6 seeds = 36 trials`.
 */
export function describeArithmetic(
  axes: readonly { readonly name: string; readonly count: number }[],
  duplicates: number,
  seeds: number,
): string {
  const product = axes.reduce((cells, { count }) => cells * count, 1);
  const cells = product - duplicates;
  const factors = axes.map(({ name, count }) => `${name} (${count})`).join(' × ');
  const difference = duplicates === 0 ? '' : ` − ${duplicates} identical`;
  const all = count(product, 'cell');
  const distinct = duplicates === 0 ? '' : ` = ${count(cells, 'cell')}`;
  return `${factors}${factors && ' = '}${all}${difference}${distinct} × ${count(seeds, 'seed')} = ${count(cells * seeds, 'trial')}`;
}

/** `1 trial`, `36 trials`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
