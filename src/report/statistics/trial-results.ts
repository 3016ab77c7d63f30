import type { Metric, MetricName, Plan, Trial } from '../../plan/plan.js';
import type { EpochRecord, TestRecord, TrialOutcome } from '../../trial/outcome.js';

/** A trial that has ended. */
export interface TrialResult {
  readonly trial: Trial;
  readonly outcome: TrialOutcome;
  /** The epoch that the metric selects; null where the trial has none. */
  readonly selected: EpochRecord | null;
  /** What the weights of that epoch made of the test images; null where it is not known. */
  readonly test: TestRecord | null;
}

/** The figure that the metric takes of an epoch. */
function metricValue(record: EpochRecord, { name }: Metric): number {
  return record[name] ?? NaN; // outcomes without it are not known to the plan
}

/** Of a metric, what the test images say of it. */
export const testNames = {
  valAccuracy: 'testAccuracy',
  valLoss: 'testLoss',
  valBalancedAccuracy: 'testBalancedAccuracy',
  valMacroF1: 'testMacroF1',
  valTop5: 'testTop5',
} as const satisfies Record<MetricName, keyof TestRecord>;

/** The same figure on the test images. */
function testValue(record: TestRecord, { name }: Metric): number {
  return record[testNames[name]] ?? NaN;
}

/** The epoch that counts: the last, or the best by the metric (the first of equals). Null without any. */
function selectEpoch(outcome: TrialOutcome, metric: Metric): EpochRecord | null {
  if (outcome.status === 'failed' || outcome.epochs.length === 0) return null;
  if (metric.select === 'last') return outcome.epochs.at(-1)!;
  const sign = metric.goal === 'maximize' ? 1 : -1;
  return outcome.epochs.reduce((best, record) =>
    sign * metricValue(record, metric) > sign * metricValue(best, metric) ? record : best,
  );
}

/** The plan's trials that have an outcome, in its order. */
export function collectResults(plan: Plan, outcomes: ReadonlyMap<string, TrialOutcome>): TrialResult[] {
  return plan.trials.flatMap((trial) => {
    const outcome = outcomes.get(trial.id);
    if (!outcome) return [];
    const selected = selectEpoch(outcome, plan.metric);
    const tests = outcome.status === 'completed' ? (outcome.tests ?? []) : [];
    const test = tests.find(({ epoch }) => epoch === selected?.epoch) ?? null;
    return [{ trial, outcome, selected, test }];
  });
}

/** Whether some trials choose by other images than their test images, which then judge. */
export function isHeldOut({ cells, datasets }: Pick<Plan, 'cells' | 'datasets'>): boolean {
  const testable = testableDatasets(datasets);
  return cells.some(({ data, params }) => data.validation !== 'test' && testable.has(params.dataset));
}

/** Names of the data sets that have test images. */
const testableDatasets = (datasets: Plan['datasets']): ReadonlySet<string> =>
  new Set(datasets.filter(({ images }) => images.test !== null).map(({ name }) => name));

/** The metric's value where the trial was completed, else why there is none. */
export type SeedValue = number | 'diverged' | 'failed' | 'missing';

/** A cell's seeds in the plan's order. */
export type SeedValues = ReadonlyMap<number, SeedValue>;

/** What a cell's trials scored. */
export interface CellValues {
  /** The images that judge it: the test images, or where its data set has none, the validation images. */
  readonly judgedOn: 'test' | 'validation';
  readonly validation: SeedValues;
  /** On the images that judge. A seed of `untestedSeeds` is `missing`. */
  readonly test: SeedValues;
  /** Seeds of completed trials that hold no test value: they were trained by an earlier version. */
  readonly untestedSeeds: readonly number[];
  /** By seed: which of the test images the selected epoch got right, where it is known. */
  readonly tests: ReadonlyMap<number, TestRecord>;
}

/** Of each cell of the plan. */
export function valuesByCell(plan: Plan, results: readonly TrialResult[]): CellValues[] {
  const testable = testableDatasets(plan.datasets);
  const cells = plan.cells.map(({ params }) => ({
    judgedOn: testable.has(params.dataset) ? ('test' as const) : ('validation' as const),
    validation: new Map<number, SeedValue>(),
    test: new Map<number, SeedValue>(),
    untestedSeeds: [] as number[],
    tests: new Map<number, TestRecord>(),
  }));
  for (const { cellIndex, seed } of plan.trials)
    for (const values of [cells[cellIndex]!.validation, cells[cellIndex]!.test]) values.set(seed, 'missing');
  for (const { trial, outcome, selected, test } of results) {
    const { seed, cellIndex } = trial;
    const { judgedOn, validation, test: onTest, untestedSeeds, tests } = cells[cellIndex]!;
    if (test) tests.set(seed, test);
    if (outcome.status !== 'completed' || !selected) {
      const why = outcome.status === 'diverged' ? 'diverged' : 'failed';
      for (const values of [validation, onTest]) values.set(seed, why);
      continue;
    }
    const value = metricValue(selected, plan.metric);
    validation.set(seed, value);
    const isOfTest = trial.data.validation === 'test' || judgedOn === 'validation';
    if (isOfTest) onTest.set(seed, value);
    else if (test) onTest.set(seed, testValue(test, plan.metric));
    else untestedSeeds.push(seed);
  }
  return cells;
}
