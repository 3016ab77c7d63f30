import type { Arithmetic } from '../plan/plan.js';
import { count } from './count.js';

/**
 * How many trials a plan has, as a sum that can be checked by hand:
 * `augmentation (3) × resolution (2) = 6 cells − 1 by exclude[0] = 5 cells × 6 seeds = 30 trials`.
 */
export function describeArithmetic(arithmetic: Arithmetic): string {
  const { grids, gridCells, excluded, included, identical, cells, fewestSeeds, seeds, trials } = arithmetic;
  const factors = grids.map(describeGrid).filter((text) => text !== '');
  const sum = factors.length < grids.length ? [...factors, '1'] : factors;
  const product = factors.length === 0 && grids.length === 1 ? '' : sum.join(' + ');
  if (gridCells === null) return product;
  const changes = [
    ...excluded.map(({ rule, cells }) => ` − ${cells} by ${rule}`),
    ...(included > 0 ? [` + ${included} by include`] : []),
    ...(identical > 0 ? [` − ${identical} identical`] : []),
  ].join('');
  const all = `${product}${product && ' = '}${count(gridCells, 'cell')}`;
  const left = changes === '' ? '' : `${changes} = ${count(cells, 'cell')}`;
  const range = (fewest: number, most: number) => (fewest < most ? `${fewest} to ` : '');
  return `${all}${left} × ${range(fewestSeeds, seeds)}${count(seeds, 'seed')} = ${range(cells * fewestSeeds, trials)}${count(trials, 'trial')}`;
}

function describeGrid({ mode, factors }: Arithmetic['grids'][number]): string {
  const texts = factors.map(
    ({ name, count, conditional }) => `${name} (${count}${conditional ? ' where it exists' : ''})`,
  );
  return mode === 'oneAtATime' ? ['baseline (1)', ...texts].join(' + ') : texts.join(' × ');
}
