import { expect, test } from 'vitest';
import { trainerVersion } from '../../src/plan/trainer-version.js';
import { explainNew, type KnownTrial } from '../../src/plan/explain-new.js';
import { describeOutdated } from '../../src/report/text/describe-outdated.js';
import type { Trial, TrialContext } from '../../src/plan/plan.js';
import fashionMnist from '../../src/data/sets/fashion-mnist.js';
import { contextOf, paramsOf } from '../params.js';

const trialOf = (id: string, seed: number, context: TrialContext = contextOf()): Trial => ({
  id,
  cellIndex: 0,
  label: id,
  seed,
  params: paramsOf(),
  data: { validation: 'test' },
  context,
});
const describe = (known: readonly KnownTrial[]) =>
  explainNew([trialOf('a', 1), trialOf('b', 2)], known, () => fashionMnist).map(describeOutdated);

test('names what has changed since the same trials were trained, and for how many', () => {
  const before = contextOf({ trainerVersion: 2, dataSha256: 'a'.repeat(64) });
  expect(describe([trialOf('x', 1, before), trialOf('y', 2, before)])).toEqual([
    `2 trials trained before are new again: trainerVersion was 2 and is ${trainerVersion}, dataSha256 was aaaaaaaa… and is dddddddd…`,
  ]);
  expect(describe([trialOf('x', 1, contextOf({ engineFamily: 'cuda' }))])).toEqual([
    '1 trial trained before is new again: engineFamily was cuda and is tensorflow',
  ]);
});

test('says so where the context was not recorded', () => {
  expect(describe([{ ...trialOf('x', 1), context: null }])).toEqual([
    "1 trial trained before is new again: the journal's older version does not say with which trainer, data and engine",
  ]);
});

test('has nothing to say of trials that differ in themselves', () => {
  expect(describe([trialOf('x', 3)])).toEqual([]);
  expect(describe([{ ...trialOf('x', 1), params: paramsOf({ dropout: 0.25 }) }])).toEqual([]);
});
