import { expect, test } from 'vitest';
import { outliving } from '../../src/engine/outliving.js';
import { tf, type Tensor } from '../../src/engine/tfjs.js';

test('a tensor outlives inner scopes, and ends with the current one', () => {
  const before = tf.memory().numTensors;
  const value = tf.tidy(() => {
    const inner = outliving(makeInside);
    return inner.dataSync()[0];
  });
  expect(value).toBe(3);
  expect(tf.memory().numTensors).toBe(before);
});

test('where the action fails, nothing is left', () => {
  const before = tf.memory().numTensors;
  const fail = () =>
    tf.tidy(() =>
      outliving((outlive): Tensor => {
        makeInside(outlive);
        throw new RangeError('at the second layer');
      }),
    );
  expect(fail).toThrow('at the second layer');
  expect(tf.memory().numTensors).toBe(before);
});

/** A tensor of a scope that has ended. */
function makeInside(outlive: <T extends Tensor>(tensor: T) => T): Tensor {
  let inner!: Tensor;
  tf.tidy(() => void (inner = outlive(tf.scalar(1).add(2))));
  return inner;
}
