/** Against the published rules, in double precision; the constants are Keras'. */
import { expect, test } from 'vitest';
import { ResourceVariable } from '../../src/engine/resource-variable.js';
import { tf } from '../../src/engine/tfjs.js';
import type { Optimizer as Settings } from '../../src/plan/plan.js';
import { Optimizer } from '../../src/train/optimizer.js';

const start = [1, -2, 0.5];
const gradients = [
  [0.1, -0.2, 3],
  [0.3, 0.1, -1],
  [-0.2, 0.05, 0.4],
];
const rates = [0.1, 0.05, 0.2]; // a schedule: each step has its own

/** One number's course: its value from the last one, its gradient, the learning rate and the step from 1. */
type Rule = () => (x: number, g: number, rate: number, t: number) => number;

const adam: Rule = () => {
  let [m, v] = [0, 0];
  return (x, g, rate, t) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const alpha = (rate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
    return x - (alpha * m) / (Math.sqrt(v) + 1e-7);
  };
};
const adamw: Rule = () => {
  const step = adam();
  return (x, g, rate, t) => step(x - x * 0.3 * rate, g, rate, t);
};
const sgd: Rule = () => {
  let velocity = 0;
  return (x, g, rate) => {
    velocity = 0.9 * velocity - rate * g;
    return x + velocity;
  };
};
const rmsprop: Rule = () => {
  let mean = 0;
  return (x, g, rate) => {
    mean = 0.9 * mean + 0.1 * g * g;
    return x - (rate * g) / Math.sqrt(mean + 1e-7);
  };
};

test.each<[Settings, Rule]>([
  [{ name: 'adam', learningRate: 1 }, adam],
  [{ name: 'adamw', learningRate: 1, weightDecay: 0.3 }, adamw],
  [{ name: 'sgd', learningRate: 1, momentum: 0.9 }, sgd],
  [{ name: 'rmsprop', learningRate: 1 }, rmsprop],
])('$name', (settings, rule) => {
  const variable = new ResourceVariable(tf.tensor1d(start));
  const optimizer = new Optimizer([variable], settings);
  const rules = start.map(rule);
  let expected = start;
  for (const [index, gradient] of gradients.entries()) {
    const [step, rate] = [index + 1, rates[index]!];
    tf.tidy(() => {
      const scalars = tf.tensor1d(optimizer.scalars(step, rate));
      optimizer.apply([tf.tensor1d(gradient)], scalars);
    });
    expected = expected.map((x, i) => rules[i]!(x, gradient[i]!, rate, step));
    for (const [i, value] of variable.read().dataSync().entries())
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
  }
  optimizer.dispose();
  variable.dispose();
});
