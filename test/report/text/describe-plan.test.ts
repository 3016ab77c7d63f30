import { expect, test } from 'vitest';
import type { TrialState } from '../../../src/plan/trial-state.js';
import { describePlan, planToJson } from '../../../src/report/text/describe-plan.js';
import { powerOf } from '../../../src/report/statistics/power.js';
import { planOf } from '../../spec/experiment-folder.js';

const text = `name: flip-vs-mask
description: Does a random horizontal flip help?
augmentations: { flip: [{ horizontalFlip: {} }], quiet: [] }
matrix: { augmentation: [none, flip, quiet], resolution: [28, 56] }
seeds: [2017, 2018]`;
const file = 'experiments/flip-vs-mask.yaml';

test('shows the question, the arithmetic, the cells and what is left', async () => {
  const plan = await planOf(text);
  const states = new Map<string, TrialState>(
    (['done', 'done', 'retryable', 'failed', 'done'] as const).map((state, index) => [
      plan.trials[index]!.id,
      state,
    ]),
  );
  expect(describePlan(plan, states, [], ({ params }) => params.resolution * 60, file))
    .toBe(`flip-vs-mask: Does a random horizontal flip help?

order: extends → params → (variants × matrix × zip) → exclude → include → overrides → de-duplicate → × seeds
plan:  augmentation (3) × resolution (2) = 6 cells − 2 identical = 4 cells × 2 seeds = 8 trials
axes:  augmentation: none, flip, quiet
       resolution: 28, 56

augmentation  resolution  done  new  retryable  failed
none, quiet   28             2    0          0       0
none, quiet   56             1    1          0       0
flip          28             0    1          1       0
flip          56             0    1          0       1

trials: 3 done, 3 new, 1 retryable, 1 failed
\`--retry-failed\` also trains the failed ones again
time left: about 2 h 48 min of training, one trial after another
next: runner experiments/flip-vs-mask.yaml`);
});

test('a plan without axes is one cell', async () => {
  const plan = await planOf('name: baseline');
  expect(describePlan(plan, new Map(), [], () => null, file)).toBe(`baseline

order: extends → params → (variants × matrix × zip) → exclude → include → overrides → de-duplicate → × seeds
plan:  1 cell × 1 seed = 1 trial

cell    new
params    1

trials: 1 new
time left: unknown, no trial like these has been timed here
next: runner experiments/flip-vs-mask.yaml`);
});

test.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [90, '2 min'],
  [3600, '1 h'],
  [3599, '1 h'],
  [5000, '1 h 23 min'],
  [86_400, '1 d'],
  [100_000, '1 d 4 h'],
])('%d seconds are %s', async (seconds, shown) => {
  const described = describePlan(await planOf('name: clock'), new Map(), [], () => seconds, file);
  expect(described).toContain(`time left: about ${shown} of training`);
});

test('a finished plan says so', async () => {
  const plan = await planOf('name: baseline');
  const states = new Map([[plan.trials[0]!.id, 'done' as const]]);
  expect(describePlan(plan, states, [], () => null, file)).toMatch(
    /trials: 1 done\ntime left: none, all trials have ended$/,
  );
});

test('a long table ends in a count', async () => {
  const resolutions = Array.from({ length: 50 }, (_, index) => index + 8);
  const plan = await planOf(JSON.stringify({ name: 'long', matrix: { resolution: resolutions } }));
  expect(describePlan(plan, new Map(), [], () => 1, file)).toContain(
    '… and 10 more cells (all of them with --json)',
  );
});

test('the JSON holds every trial with its state', async () => {
  const plan = await planOf(text);
  const json = planToJson(plan, new Map([[plan.trials[0]!.id, 'done' as const]]), []);
  expect(json.counts).toEqual({ cells: 4, seeds: 2, trials: 8 });
  expect(json.states).toEqual({
    done: 1,
    new: 7,
    retryable: 0,
    failed: 0,
    'if-undecided': 0,
    'not-needed': 0,
  });
  expect(json.trials[0]).toEqual({ ...plan.trials[0], state: 'done' });
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});

test('a running design: its states, what its seeds can tell, and the time at most', async () => {
  const plan = await planOf(`name: until
params: { weights: none }
matrix: { dropout: [0, 0.5] }
seeds: { until: decided, max: 12 }
compare: { baseline: { dropout: 0 } }`);
  const states = new Map<string, TrialState>(
    plan.trials.map(({ id }, index) => [id, index < 10 ? 'done' : index < 12 ? 'new' : 'if-undecided']),
  );
  expect(describePlan(plan, states, [], () => 60, file, powerOf(plan, []))).toBe(`until

order: extends → params → (variants × matrix × zip) → exclude → include → overrides → de-duplicate → × seeds
plan:  dropout (2) = 2 cells × 6 to 12 seeds = 12 to 24 trials
axes:  dropout: 0, 0.5
pairs: 1 cell compared with 1 baseline

dropout  done  new  if-undecided
0           5    1             6
0.5         5    1             6

tells: with a chance of 80 %, in standard deviations (sd) of the differences:
       seeds  a difference from  equivalence within
       6      2.57 sd            2.22 sd
       8      1.80 sd            1.71 sd
       12     1.31 sd            1.30 sd
       1 comparison needs 6 seeds at least to show a difference

trials: 10 done, 2 new, 12 if-undecided
time left: about 2 min of training, one trial after another, and 12 min more at most
next: runner experiments/flip-vs-mask.yaml`);
});
