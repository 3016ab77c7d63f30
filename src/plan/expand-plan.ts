import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { parseDuration } from '../spec/parse-duration.js';
import { onePerCause, sortProblems } from '../spec/sort-problems.js';
import { describeArithmetic } from '../diagnostics/arithmetic.js';
import { checkCell } from './check-cells.js';
import { checkUnusedSettings } from './check-unused-settings.js';
import { checkDrift, checkSameTraining } from './check-pairs.js';
import { matchAblation, matchBaselines, toComparisons } from './compare-cells.js';
import { listGrids, type Grid } from './grid/dimension.js';
import { Resolver, type Datasets } from './grid/draft.js';
import { describeTooMany, expandCells, type ExpandedCells } from './grid/expand-cells.js';
import { maximumCells } from './grid/expand-grid.js';
import { countSeeds, expandTrials, listSeeds, type PlanContext, type TrialOrder } from './expand-trials.js';
import { resolveMetric } from '../params/resolve-params.js';
import type { Arithmetic, Budget, Cell, Comparison, Plan, PlannedDataset } from './plan.js';

export type { PlanContext } from './expand-trials.js';

/** A plan beyond this is a mistake in the file: at a minute a trial it would take ten weeks. */
export const maximumTrials = maximumCells;

/** A plan whose trials are still to come: their ids hold hashes that the file does not. */
export interface Expansion {
  readonly plan: Omit<Plan, 'trials'>;
  readonly order: TrialOrder;
}

/** Expands an experiment into its plan. Pure. @throws RunnerError with every problem that the cells show. */
export function expandPlan(spec: ExperimentSpec, context: PlanContext): Plan {
  return addTrials(expandSpec(spec, context.datasets), context);
}

/** Cells × seeds, with their ids. */
export function addTrials({ plan, order }: Expansion, context: PlanContext): Plan {
  const { name, description, axes, cells, seeds, ...others } = plan;
  const trials = expandTrials(cells, seeds, order, context);
  return { name, description, axes, cells, trials, seeds, ...others }; // the order of plan.json
}

/**
 * Expands an experiment: (extends →) params → (variants × matrix × zip groups) → exclude → include → overrides →
 * de-duplicate (→ × seeds), the first dimension of the file varying slowest. Pure.
 * @throws RunnerError with every problem that the cells show.
 */
export function expandSpec(spec: ExperimentSpec, datasets: Datasets): Expansion {
  const seedCounts = countSeeds(spec.seeds);
  const { grids, problems: cycles } = listGrids(spec);
  if (cycles.length > 0) throw fail(cycles, spec);
  const resolver = new Resolver(spec, datasets);
  const expanded = expandCells(spec, grids, resolver, seedCounts);
  if (!expanded) {
    const { trials, arithmetic } = describeTooMany(spec, grids, seedCounts);
    throw fail([tooMany(spec, trials, arithmetic)], spec);
  }
  const { cells, members, axes, arithmetic } = expanded;
  if (cells.length === 0) {
    const place = spec.keyPlaceOf(spec.exclude ? ['exclude'] : ['matrix']);
    const sum = describeArithmetic(arithmetic);
    // Without cells, no comparison matches anything.
    throw fail(
      [...expanded.problems, { kind: 'file', reason: 'nothing-left', place, arithmetic: sum }],
      spec,
    );
  }
  const budget = resolveBudget(spec.budget);
  const unused = checkUnusedSettings(members.flat(), resolver, spec);
  const { comparisons, problems: uncompared } = compare(spec, expanded, grids, resolver, unused.length === 0);
  const problems = [
    ...expanded.problems,
    ...checkSize(spec, budget, arithmetic),
    ...cells.flatMap(({ params, data, index }) => {
      const pathOf = (name: string) => resolver.pathOf(members[index]![0], name);
      return checkCell(params, data, datasets(params.dataset), spec, pathOf);
    }),
    ...unused,
    ...uncompared,
    ...checkDecided(spec, comparisons.length + uncompared.length),
  ];
  if (problems.length > 0) throw fail(problems, spec);
  return {
    plan: {
      name: spec.name,
      description: spec.description ?? '',
      axes,
      cells,
      ...listSeeds(spec.seeds),
      datasets: listDatasets(cells, datasets),
      metric: resolveMetric(spec.metric),
      arithmetic,
      comparisons,
      judging: { stopping: spec.compare?.stopping ?? 'anytime', margin: spec.compare?.margin ?? null },
      budget,
      maxRetries: spec.retry?.max ?? 0,
      maxConcurrentTrials: spec.resources?.maxConcurrentTrials ?? 'auto',
      checkpointEveryEpochs: spec.checkpoint?.everyEpochs ?? 1,
      saveModels: spec.save?.models ?? 'none',
    },
    order: spec.order ?? 'interleaved',
  };
}

function listDatasets(cells: readonly Cell[], datasets: Datasets): PlannedDataset[] {
  const names = [...new Set(cells.map(({ params }) => params.dataset))];
  return names.map((name) => {
    const { title, sha256, classes, train, val, test } = datasets(name);
    const images = { train: train.count, val: val?.count ?? null, test: test?.count ?? null };
    return { name, title, sha256, classes, images };
  });
}

const fail = (problems: readonly PlacedFileProblem[], spec: ExperimentSpec): RunnerError =>
  new RunnerError(sortProblems(onePerCause(problems), spec.sources));

function tooMany(spec: ExperimentSpec, trials: number | null, arithmetic: Arithmetic): PlacedFileProblem {
  const swept = ['matrix', 'zip', 'variants'] as const;
  const field = swept.find((name) => spec[name] !== undefined) ?? 'seeds';
  return {
    kind: 'file',
    reason: 'too-many-trials',
    place: spec.keyPlaceOf([field]),
    trials,
    limit: maximumTrials,
    arithmetic: describeArithmetic(arithmetic),
  };
}

/** A running design without a comparison, as an ablation of nothing is, would never be decided. */
function checkDecided(spec: ExperimentSpec, comparisons: number): PlacedFileProblem[] {
  const { seeds } = spec;
  if (seeds === undefined || !('until' in seeds) || comparisons > 0) return [];
  return [{ kind: 'file', reason: 'nothing-to-decide', place: spec.keyPlaceOf(['seeds', 'until']) }];
}

function checkSize(spec: ExperimentSpec, { maxTrials }: Budget, arithmetic: Arithmetic): PlacedFileProblem[] {
  const { trials } = arithmetic;
  if (maxTrials !== null && trials > maxTrials) {
    const place = spec.placeOf(['budget', 'maxTrials']);
    const sum = describeArithmetic(arithmetic);
    return [{ kind: 'file', reason: 'over-budget', place, trials, limit: maxTrials, arithmetic: sum }];
  }
  return trials > maximumTrials ? [tooMany(spec, trials, arithmetic)] : [];
}

function compare(
  spec: ExperimentSpec,
  { axes, cells, members, baseline }: ExpandedCells,
  grids: readonly Grid[],
  resolver: Resolver,
  everySettingCounts: boolean,
): { comparisons: Comparison[]; problems: readonly PlacedFileProblem[] } {
  const columns = axes.map(({ name }) => name);
  const compared = { spec, grids, columns, cells, members };
  if (spec.mode !== 'oneAtATime' && !spec.compare) return { comparisons: [], problems: [] };
  const { pairs, problems } =
    spec.mode === 'oneAtATime' ? matchAblation(compared, baseline) : matchBaselines(compared);
  const drift = checkDrift(pairs, spec, resolver);
  const same = everySettingCounts ? checkSameTraining(pairs, spec, resolver) : []; // else it follows from what does not count
  return { comparisons: toComparisons(pairs, columns), problems: [...problems, ...drift, ...same] };
}

function resolveBudget(budget: ExperimentSpec['budget'] = {}): Budget {
  const seconds = (duration: string | undefined) => (duration === undefined ? null : parseDuration(duration));
  return {
    maxTrials: budget.maxTrials ?? null,
    maxDurationSeconds: seconds(budget.maxDuration),
    trialTimeoutSeconds: seconds(budget.trialTimeout),
    stallTimeoutSeconds: parseDuration(budget.stallTimeout ?? '10m'),
    maxFailedTrials: budget.maxFailedTrials ?? null,
  };
}
