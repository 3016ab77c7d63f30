import type { Cell, Metric, Plan, Trial } from '../../src/plan/plan.js';
import type { TrialOutcome } from '../../src/trial/outcome.js';
import { contextOf, fashionMnistAsPlanned, noLimits, paramsOf } from '../params.js';

const params = paramsOf();

/** What became of a trial: the metric's value, or why there is none. */
export type Result = number | 'diverged' | 'failed' | 'missing';

const measured = {
  parameters: 1,
  trainSeconds: 1,
  peakBytes: 1,
  engine: 'tensorflow-cpu',
};

function outcomeOf(value: number, { name }: Metric): TrialOutcome {
  const epoch = { epoch: 1, trainLoss: 1, trainAccuracy: 0.5, valLoss: 1, valAccuracy: 0.5, seconds: 1 };
  return { ...measured, status: 'completed', epochs: [{ ...epoch, [name]: value }] };
}

/** One cell complete, one with a trial that diverged, one with a trial that is missing. */
export const someIncomplete: ReadonlyMap<string, readonly Result[]> = new Map([
  ['none', [0.8, 0.81, 0.82]],
  ['flip', [0.83, 'diverged', 0.84]],
  ['mask', [0.85, 'missing', 0.84]],
]);

const data = { validation: 'test' } as const;

/** A plan with one axis, each of whose values is a cell with one result a seed, compared with the first. */
export function comparisonPlan(
  axis: string,
  results: ReadonlyMap<string | number, readonly Result[]>,
  metric: Metric = { name: 'valAccuracy', goal: 'maximize', select: 'last' },
): { plan: Plan; outcomes: Map<string, TrialOutcome> } {
  const values = [...results.keys()];
  const cells: Cell[] = values.map((value, index) => ({ index, axes: { [axis]: value }, params, data }));
  const seeds = results.get(values[0]!)!.map((_, index) => 2017 + index);
  const outcomes = new Map<string, TrialOutcome>();
  const trials: Trial[] = cells.flatMap(({ index }) =>
    seeds.map((seed, place) => {
      const id = `${index}-${seed}`;
      const result = results.get(values[index]!)![place]!;
      if (result === 'diverged')
        outcomes.set(id, { ...measured, status: 'diverged', epochs: [], epoch: 1, step: 20 });
      else if (result === 'failed')
        outcomes.set(id, {
          status: 'failed',
          failure: 'crash',
          cause: 'its process ended',
          logFile: 'x.log',
        });
      else if (result !== 'missing') outcomes.set(id, outcomeOf(result, metric));
      return {
        id,
        cellIndex: index,
        label: id,
        seed,
        params,
        data,
        context: contextOf(),
      };
    }),
  );
  const count = values.length;
  const plan: Plan = {
    name: 'comparison',
    description: '',
    axes: [{ name: axis, values }],
    cells,
    trials,
    seeds,
    datasets: [fashionMnistAsPlanned],
    untilDecided: null,
    metric,
    arithmetic: {
      grids: [{ mode: 'product', factors: [{ name: axis, count, conditional: false }] }],
      gridCells: count,
      excluded: [],
      included: 0,
      identical: 0,
      overridden: [],
      cells: count,
      fewestSeeds: seeds.length,
      seeds: seeds.length,
      trials: trials.length,
    },
    comparisons: cells.slice(1).map(({ index }) => ({ cell: index, baseline: 0, differs: [axis] })),
    judging: { stopping: 'anytime', margin: null },
    budget: noLimits,
    maxRetries: 0,
    maxConcurrentTrials: 'auto',
    checkpointEveryEpochs: 1,
    saveModels: 'none',
  };
  return { plan, outcomes };
}
