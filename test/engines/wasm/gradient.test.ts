/**
 * A whole network's gradient on both engines. One activation in a million may lie so near a corner of ReLU6 that rounding
 * puts it on the other side, which turns its whole gradient on or off: such flips are counted, and where there is none the
 * gradients must agree closely.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCommand } from '../../../src/system/run-command.js';
import { wasmPath } from './wasm-path.js';

interface Answer {
  readonly loss: number;
  readonly gradients: readonly (readonly number[])[];
  readonly sides: string;
}

const program = fileURLToPath(new URL('gradient-process.ts', import.meta.url));
const seeds = [1, 2, 3, 4, 5, 6];

async function answersOf(bindingPath: string): Promise<Answer[]> {
  const args = ['--import', 'tsx', program, ...seeds.map(String)];
  const env = { ...process.env, RUNNER_TFJS_BINDING: bindingPath };
  const { code, stdout, output } = await runCommand(process.execPath, args, { env });
  if (code !== 0) throw new Error(output);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** ‖a − b‖ / ‖b‖ over all tensors. */
function distance(a: Answer['gradients'], b: Answer['gradients']): number {
  const [actual, expected] = [a.flat(), b.flat()];
  const sum = (of: (index: number) => number) =>
    expected.reduce((total, _, index) => total + of(index) ** 2, 0);
  return Math.sqrt(sum((index) => actual[index]! - expected[index]!) / sum((index) => expected[index]!));
}

test('the gradients of a network agree, but for activations that lie on a corner of ReLU6', async () => {
  const wasm = await answersOf(wasmPath);
  const tensorflow = await answersOf(process.env.RUNNER_TFJS_BINDING!);
  const flips = wasm.map(({ sides }, run) => {
    expect(sides).toHaveLength(tensorflow[run]!.sides.length);
    return [...sides].filter((side, index) => side !== tensorflow[run]!.sides[index]).length;
  });
  const activations = wasm[0]!.sides.length;
  expect(activations).toBeGreaterThan(100_000);
  expect(flips.filter((count) => count === 0).length).toBeGreaterThan(0);
  for (const [run, { loss, gradients }] of wasm.entries()) {
    const expected = tensorflow[run]!;
    expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
    expect(flips[run]).toBeLessThan(activations / 20_000);
    if (flips[run] === 0) expect(distance(gradients, expected.gradients)).toBeLessThan(1e-4);
  }
});
