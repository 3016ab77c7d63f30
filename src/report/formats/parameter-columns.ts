import type { Cell } from '../../plan/plan.js';
import { toColumn } from './axis-columns.js';

export type Scalar = string | number | boolean | null;

/**
 * A cell's parameters by their paths, such as `optimizer.learningRate`, in the order of their definitions; a list is its
 * JSON. Where validation images come from is among them: `validation` (`test`, `val` or `holdout`) and `holdoutImages`.
 */
export function parametersOf({ params, data }: Pick<Cell, 'params' | 'data'>): ReadonlyMap<string, Scalar> {
  const found = new Map<string, Scalar>();
  const add = (path: string, value: unknown): void => {
    if (Array.isArray(value)) found.set(path, JSON.stringify(value));
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) add(`${path}.${name}`, inner);
    else found.set(path, value as Scalar);
  };
  for (const [name, value] of Object.entries(params)) add(name, value);
  const { validation } = data;
  found.set('validation', typeof validation === 'string' ? validation : 'holdout');
  found.set('holdoutImages', typeof validation === 'string' ? null : validation.holdout);
  return found;
}

/** The paths of the parameters of any of the cells, each with its column, without those whose column is an axis'. */
export function parameterPaths(
  cells: readonly ReadonlyMap<string, Scalar>[],
  axes: readonly { readonly name: string }[],
): { readonly path: string; readonly column: string }[] {
  const taken = new Set(axes.map(({ name }) => toColumn(name)));
  const paths = [...new Set(cells.flatMap((cell) => [...cell.keys()]))];
  return paths.map((path) => ({ path, column: toColumn(path) })).filter(({ column }) => !taken.has(column));
}
