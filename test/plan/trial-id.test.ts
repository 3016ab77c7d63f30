import { expect, test } from 'vitest';
import { trialId, type TrialIdentity } from '../../src/plan/trial-id.js';
import { expandPlan } from '../../src/plan/expand-plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { canonicalJson } from '../../src/spec/canonical-json.js';
import { paramsOf } from '../params.js';
import { context, planOf, writeFolder } from '../spec/experiment-folder.js';

const identity: TrialIdentity = {
  trainerVersion: 1,
  params: {
    ...paramsOf({ alpha: 1, weights: 'imagenet', resolution: 56 }),
    augmentation: [{ name: 'horizontalFlip', probability: 0.5 }],
  },
  seed: 2017,
  data: { validation: 'test' },
  dataSha256: 'd'.repeat(64),
  weightsSha256: 'e'.repeat(64),
  engineFamily: 'tensorflow',
};

test('is a SHA-256 that stays: a change here abandons every finished trial', () => {
  expect(trialId(identity)).toBe('398d775c00706d55c5e6b916bff669cb96604125980f8f083e2923ec58cd81b8');
});

test.each<[string, Partial<TrialIdentity>]>([
  ['trainerVersion', { trainerVersion: 2 }],
  ['params', { params: { ...identity.params, dropout: 0.25 } }],
  ['augmentation', { params: { ...identity.params, augmentation: [] } }],
  ['seed', { seed: 2018 }],
  ['data', { data: { validation: { holdout: 6000 } } }],
  ['dataSha256', { dataSha256: 'a'.repeat(64) }],
  ['weightsSha256', { weightsSha256: null }],
  ['engineFamily', { engineFamily: 'wasm' }],
])('%s changes it', (_, change) => {
  expect(trialId({ ...identity, ...change })).not.toBe(trialId(identity));
});

test.each([
  [
    'the names of the experiment and of the set',
    'name: other\naugmentations: { mirror: [{ horizontalFlip: {} }] }\nmatrix: { augmentation: [mirror] }',
  ],
  [
    'what is spelled out',
    'name: flip\nparams: { alpha: 1.0, augmentation: flip }\naugmentations: { flip: [{ horizontalFlip: { probability: 0.5 } }] }',
  ],
  [
    'the machine',
    'name: flip\nparams: { augmentation: flip }\naugmentations: { flip: [{ horizontalFlip: {} }] }\nresources: { maxConcurrentTrials: 7 }',
  ],
  [
    'the metric',
    'name: flip\nparams: { augmentation: flip }\naugmentations: { flip: [{ horizontalFlip: {} }] }\nmetric: { name: valLoss }',
  ],
])('%s do not change it', async (_, text) => {
  const plain =
    'name: flip\nparams: { augmentation: flip }\naugmentations: { flip: [{ horizontalFlip: {} }] }';
  expect((await planOf(text)).trials[0]!.id).toBe((await planOf(plain)).trials[0]!.id);
});

test('weights count only where training starts from them', async () => {
  const spec = await loadSpec(
    `${writeFolder({ 'sweep.yaml': 'name: start\nmatrix: { weights: [imagenet, none] }' })}/sweep.yaml`,
    [],
  );
  const ids = (weights: string) =>
    expandPlan(spec, { ...context, weightsSha256: () => weights }).trials.map(({ id }) => id);
  const [before, after] = [ids('a'), ids('b')];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test.each([
  [{ b: 1, a: [true, null, { d: 'é"', c: undefined }] }, '{"a":[true,null,{"d":"é\\""}],"b":1}'],
  [[-0, 1e21, 1e-7, 0.1], '[0,1e+21,1e-7,0.1]'],
])('canonical JSON %#', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('canonical JSON refuses what JSON cannot hold', () => {
  for (const value of [NaN, Infinity, 1n, undefined, () => 1])
    expect(() => canonicalJson([value])).toThrow('cannot hold');
});
