/** How often one comparison is called different although its mean is 0, by the ways of looking. */
import { followSequence } from '../../src/report/statistics/sequence.js';
import { significanceLevel, tTest } from '../../src/report/statistics/statistics.js';
import { Random, type Law } from './laws.js';

const seeds = 40;

/** Shares of the paths. */
export interface FalseAnswers {
  readonly law: string;
  /** The paired t test at ten seeds, fixed beforehand. */
  readonly oneLook: number;
  /** The same at 6, 8, 10 and 12 seeds, until one says so. */
  readonly fourLooks: number;
  /** The same at every number of seeds from 6 to 30. */
  readonly everyLook: number;
  /** This program's verdict, at every number of seeds from 6 to 40. */
  readonly anytime: number;
  /** The interval holds 0 at every number of seeds from 6 to 40. */
  readonly coverage: number;
}

export function countFalseAnswers(law: Law, paths: number, seed: number): FalseAnswers {
  const random = new Random(seed);
  const counts = { oneLook: 0, fourLooks: 0, everyLook: 0, anytime: 0, coverage: 0 };
  for (let path = 0; path < paths; path++) {
    const differences = Array.from({ length: seeds }, () => law.draw(random));
    const saysSo = (n: number) => (tTest(differences.slice(0, n)) ?? 1) <= significanceLevel;
    const { looks } = followSequence(differences, null);
    const [low, high] = looks.at(-1)!.runningInterval ?? [-Infinity, Infinity];
    counts.oneLook += Number(saysSo(10));
    counts.fourLooks += Number([6, 8, 10, 12].some(saysSo));
    counts.everyLook += Number(range(6, 30).some(saysSo));
    counts.anytime += Number(looks.at(-1)!.anytimeP <= significanceLevel);
    counts.coverage += Number(low <= 0 && high >= 0);
  }
  const share = (name: keyof typeof counts) => counts[name] / paths;
  return {
    law: law.name,
    oneLook: share('oneLook'),
    fourLooks: share('fourLooks'),
    everyLook: share('everyLook'),
    anytime: share('anytime'),
    coverage: share('coverage'),
  };
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
