/** Three cells and their baseline, with seeds until all is decided, against a fixed number of seeds. */
import { adjustByHolm } from '../../src/report/statistics/holm.js';
import { playRounds } from '../../src/report/statistics/rounds.js';
import { equivalenceTTest, significanceLevel, tTest } from '../../src/report/statistics/statistics.js';
import { Random } from './laws.js';

const [fewest, most] = [6, 40];

export interface Scenario {
  /** In standard deviations of the differences. */
  readonly margin: number;
  /** True differences of the cells, likewise. */
  readonly effects: readonly number[];
}

export const scenarios: readonly Scenario[] = [
  { margin: 0.6, effects: [0, 0, 0] },
  { margin: 0.8, effects: [0, 0, 0] },
  { margin: 1, effects: [0, 0, 0] },
  { margin: 1, effects: [0, 1, 2] },
  { margin: 1, effects: [0.5, 0.5, 0.5] },
  { margin: 1, effects: [1, 1, 1] },
  { margin: 1, effects: [1.5, 1.5, 1.5] },
  { margin: 1.5, effects: [0, 0, 0] },
  { margin: 2, effects: [0, 0, 2] },
];

export interface DesignResult extends Scenario {
  /** Share of the comparisons that were decided. */
  readonly decided: number;
  /** Share of the runs with any false `better` or `worse`, and with any false `equivalent`. */
  readonly falseDifferences: number;
  readonly falseEquivalences: number;
  /** Mean seeds of a comparison. */
  readonly seeds: number;
  /** Mean trials of a run, the baseline's among them. */
  readonly trials: number;
  /** Trials with the smallest fixed number of seeds that decides as many; null where 40 do not. */
  readonly oracleTrials: number | null;
}

export function tryDesign(scenario: Scenario, runs: number, seed: number): DesignResult {
  const { margin, effects } = scenario;
  const random = new Random(seed);
  const comparisons = effects.map((_, index) => ({ cell: index + 1, baseline: 0 }));
  const sums = { decided: 0, falseDifferences: 0, falseEquivalences: 0, seeds: 0, trials: 0 };
  const samples: number[][][] = [];
  for (let run = 0; run < runs; run++) {
    // Two results of variance ½ each: differences of variance 1, of which the baseline is common.
    const draw = () => Array.from({ length: most }, () => Math.SQRT1_2 * random.normal());
    const baseline = draw();
    const differences = effects.map((effect) => draw().map((own, index) => effect + own - baseline[index]!));
    samples.push(differences);
    const { standings, seedsNeeded } = playRounds({
      comparisons,
      differences,
      cells: effects.length + 1,
      seeds: most,
      untilDecided: { min: fewest },
      margin,
    });
    const saysDifferent = standings.map(({ differentAt, look }) =>
      differentAt === null ? 0 : Math.sign(look!.mean),
    );
    const saysEquivalent = standings.map(
      ({ equivalentAt }, index) => equivalentAt !== null && saysDifferent[index] === 0,
    );
    sums.decided += standings.filter((_, i) => saysDifferent[i] !== 0 || saysEquivalent[i]).length;
    sums.falseDifferences += Number(
      effects.some(
        (effect, index) => saysDifferent[index] !== 0 && saysDifferent[index] !== Math.sign(effect),
      ),
    );
    sums.falseEquivalences += Number(
      effects.some((effect, index) => Math.abs(effect) >= margin && standings[index]!.equivalentAt !== null),
    );
    sums.seeds += standings.reduce((sum, own) => sum + own.seeds, 0);
    sums.trials += seedsNeeded.reduce((sum, needed) => sum + needed, 0);
  }
  const cells = runs * effects.length;
  const decided = sums.decided / cells;
  return {
    ...scenario,
    decided,
    falseDifferences: sums.falseDifferences / runs,
    falseEquivalences: sums.falseEquivalences / runs,
    seeds: sums.seeds / cells,
    trials: sums.trials / runs,
    oracleTrials: findOracle(samples, margin, decided),
  };
}

/** The usual tests at one look: it would take knowing the effects to choose this number of seeds beforehand. */
function findOracle(samples: readonly number[][][], margin: number, decided: number): number | null {
  const cells = samples[0]!.length;
  const isDecided = (p: readonly number[]) => adjustByHolm(p).map((own) => own <= significanceLevel);
  for (let seeds = 3; seeds <= most; seeds++) {
    let count = 0;
    for (const differences of samples) {
      const first = differences.map((own) => own.slice(0, seeds));
      const different = isDecided(first.map((own) => tTest(own)!));
      const equivalent = isDecided(first.map((own) => equivalenceTTest(own, margin)!));
      count += different.filter((own, index) => own || equivalent[index]).length;
    }
    if (count / (samples.length * cells) >= decided) return seeds * (cells + 1);
  }
  return null;
}
