import { describe, expect, test } from 'vitest';
import { describeArithmetic } from '../../src/diagnostics/arithmetic.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { join } from 'node:path';
import { planOf, writeFolder } from '../spec/experiment-folder.js';

const file = (seeds: string, rest = '') => `name: sweep
matrix: { dropout: [0, 0.2, 0.5] }
seeds: ${seeds}
compare: { baseline: { dropout: 0 } }
${rest}`;

test('a running design has the trials of its largest number of seeds, with the same ids', async () => {
  const running = await planOf(file('{ until: decided, max: 12, base: 100 }'));
  const fixed = await planOf(file('{ count: 12, base: 100 }'));
  expect(running.trials).toEqual(fixed.trials);
  expect([running.untilDecided, fixed.untilDecided]).toEqual([{ min: 6 }, null]);
  expect(running.seeds).toEqual(fixed.seeds);
});

test('the defaults are 6 to 40 seeds from 2017 on', async () => {
  const { seeds, untilDecided, arithmetic } = await planOf(file('{ until: decided }'));
  expect([untilDecided, seeds.length, seeds[0]]).toEqual([{ min: 6 }, 40, 2017]);
  expect(describeArithmetic(arithmetic)).toBe('dropout (3) = 3 cells × 6 to 40 seeds = 18 to 120 trials');
});

test('as many at least as at most is no range', async () => {
  const { arithmetic } = await planOf(file('{ until: decided, min: 8, max: 8 }'));
  expect(describeArithmetic(arithmetic)).toBe('dropout (3) = 3 cells × 8 seeds = 24 trials');
});

test('budget.maxTrials is of the most trials', async () => {
  const budget = (most: number) => file('{ until: decided }', `budget: { maxTrials: ${most} }`);
  await expect(planOf(budget(119))).rejects.toThrow();
  expect((await planOf(budget(120))).trials).toHaveLength(120);
});

test('margin and stopping are in the plan, also of an ablation, which needs no baseline', async () => {
  const { judging } = await planOf(`name: sweep
mode: oneAtATime
matrix: { dropout: [0, 0.2] }
seeds: { until: decided }
compare: { margin: 0.002 }`);
  expect(judging).toEqual({ stopping: 'anytime', margin: 0.002 });
  const fixed = await planOf(file('{ count: 6 }').replace('dropout: 0 }', 'dropout: 0 }, stopping: fixed'));
  expect(fixed.judging).toEqual({ stopping: 'fixed', margin: null });
});

describe('extends and --set', () => {
  const seedsOf = async (files: Record<string, string>, sets: string[] = []) => {
    const folder = writeFolder(files);
    return (await loadSpec(join(folder, 'a.yaml'), sets)).seeds;
  };
  const base = (seeds: string) => `name: base
matrix: { dropout: [0, 0.2] }
seeds: ${seeds}
compare: { baseline: { dropout: 0 } }`;
  const over = (seeds: string, parent = 'b') => `extends: ./${parent}.yaml\nname: own\nseeds: ${seeds}`;

  test.each<[string, string, object]>([
    ['{ count: 6, base: 100 }', '{ until: decided }', { base: 100, until: 'decided' }],
    ['{ until: decided, max: 12 }', '{ count: 8 }', { count: 8 }],
    ['{ until: decided, max: 12 }', '{ min: 8 }', { until: 'decided', max: 12, min: 8 }],
    ['{ count: 6, base: 100 }', '{ count: 8 }', { count: 8, base: 100 }],
    ['[1, 2]', '{ until: decided }', { until: 'decided' }],
    ['{ until: decided }', '[1, 2]', [1, 2]],
  ])('%s under %s', async (below, above, seeds) => {
    expect(await seedsOf({ 'a.yaml': over(above), 'b.yaml': base(below) })).toEqual(seeds);
    const flat = above.startsWith('{') && below.startsWith('{') ? above.slice(2, -2).split(', ') : [];
    const sets = flat.map((pair) => `seeds.${pair.replace(': ', '=')}`);
    if (sets.length > 0) expect(await seedsOf({ 'a.yaml': base(below) }, sets)).toEqual(seeds);
  });

  test('a margin, and a running design in place of a list', async () => {
    const folder = writeFolder({ 'a.yaml': base('[1, 2]') });
    const sets = ['compare.margin=0.002', 'seeds={ until: decided, max: 8 }'];
    const { seeds, compare } = await loadSpec(join(folder, 'a.yaml'), sets);
    expect(seeds).toEqual({ until: 'decided', max: 8 });
    expect(compare).toEqual({ baseline: { dropout: 0 }, margin: 0.002 });
  });

  test('a chain may be cut anywhere', async () => {
    const files = {
      'a.yaml': over('{ until: decided }'),
      'b.yaml': over('{ base: 7 }', 'c'),
      'c.yaml': base('{ count: 3 }'),
    };
    expect(await seedsOf(files)).toEqual({ base: 7, until: 'decided' });
  });
});
