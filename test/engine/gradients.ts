/** What the tests of operations share: numbers, and comparisons of functions and their gradients. */
import { expect } from 'vitest';
import { statelessUniform } from '../../src/engine/fused-operations.js';
import { tf, type Tensor } from '../../src/engine/tfjs.js';

/** Numbers in [−1, 1) that differ between calls by their seed. */
export const random = <T extends Tensor>(shape: number[], seed: number): T =>
  tf.tidy(() => statelessUniform(shape, [seed, 7]).mul(2).sub<T>(1));

export type Function = (...inputs: Tensor[]) => Tensor;

/** Weights the outputs, so that the gradient of every output counts. */
const objective = (f: Function, inputs: Tensor[]) => {
  const output = f(...inputs);
  return output.mul(random(output.shape, 99)).sum();
};

export const gradientsOf = (f: Function, inputs: Tensor[]): Tensor[] =>
  tf.grads((...inputs: Tensor[]) => objective(f, inputs))(inputs);

/** By the distance of all their numbers, relative to what is expected. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance = 1e-4): void {
  expect(actual.shape).toEqual(expected.shape);
  const error = actual.sub(expected).norm().div(expected.norm().add(1e-12)).dataSync()[0];
  expect(error).toBeLessThan(tolerance);
}

/** Compares a gradient with central differences of a few entries of input `which`. */
export function expectNumericGradient(f: Function, inputs: Tensor[], which: number): void {
  const gradient = gradientsOf(f, inputs)[which]!.dataSync();
  const values = inputs[which]!.dataSync();
  const step = 1e-2;
  for (const index of [0, Math.floor(values.length / 2), values.length - 1]) {
    const at = (offset: number) => {
      const moved = Float32Array.from(values);
      moved[index]! += offset;
      const shifted = inputs.map((input, i) => (i === which ? tf.tensor(moved, input.shape) : input));
      return objective(f, shifted).dataSync()[0]!;
    };
    const numeric = (at(step) - at(-step)) / (2 * step);
    expect(Math.abs(gradient[index]! - numeric)).toBeLessThan(0.02 * Math.max(1, Math.abs(numeric)));
  }
}
