import { placeKey } from '../diagnostics/code-frame.js';
import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { parseDuration } from '../spec/parse-duration.js';
import { onePerCause, sortProblems } from '../spec/sort-problems.js';
import { describeArithmetic } from '../diagnostics/arithmetic.js';
import { checkCell, checkUnusedSettings } from './check-cells.js';
import { checkDrift, matchBaselines, toComparisons } from './compare-cells.js';
import { listGrids } from './grid/dimension.js';
import { Resolver } from './grid/draft.js';
import { describeTooMany, expandCells, type ExpandedCells } from './grid/expand-cells.js';
import { maximumCells } from './grid/expand-grid.js';
import { expandTrials, listSeeds, type PlanContext } from './expand-trials.js';
import { resolveData, resolveMetric } from '../params/resolve-params.js';
import type { Arithmetic, Budget, Comparison, Plan } from './plan.js';

export type { PlanContext } from './expand-trials.js';

/** A plan beyond this is a mistake in the file: at a minute a trial it would take ten weeks. */
export const maximumTrials = maximumCells;

/**
 * Expands an experiment: (extends →) params → (variants × matrix × zip groups) → exclude → include →
 * de-duplicate → overrides → × seeds, the first dimension of the file varying slowest. Pure.
 * @throws RunnerError with every problem that the cells show.
 */
export function expandPlan(spec: ExperimentSpec, context: PlanContext): Plan {
  const seedCount =
    spec.seeds === undefined ? 1 : 'count' in spec.seeds ? spec.seeds.count : spec.seeds.length;
  const { grids, problems } = listGrids(spec);
  if (problems.length > 0) throw fail(problems, spec);
  const resolver = new Resolver(spec, context.dataset);
  const expanded = expandCells(spec, grids, resolver, seedCount, problems);
  if (!expanded) {
    const { trials, arithmetic } = describeTooMany(spec, grids, seedCount);
    throw fail([tooMany(spec, trials, arithmetic)], spec);
  }
  const { cells, drafts, axes, arithmetic } = expanded;
  if (cells.length === 0) {
    const place = spec.keyPlaceOf(spec.exclude ? ['exclude'] : ['matrix']);
    problems.push({
      kind: 'file',
      reason: 'nothing-left',
      place,
      arithmetic: describeArithmetic(arithmetic),
    });
    throw fail(problems, spec); // without cells, no comparison matches anything
  }
  const budget = resolveBudget(spec.budget);
  const { trials } = arithmetic;
  if (budget.maxTrials !== null && trials > budget.maxTrials) {
    const limit = budget.maxTrials;
    const place = spec.placeOf(['budget', 'maxTrials']);
    const sum = describeArithmetic(arithmetic);
    problems.push({ kind: 'file', reason: 'over-budget', place, trials, limit, arithmetic: sum });
  } else if (trials > maximumTrials) problems.push(tooMany(spec, trials, arithmetic));
  const data = resolveData(spec.data);
  const seen = new Set<string>(); // by place: one value can spoil many cells
  for (const [index, { params }] of cells.entries()) {
    const pathOf = (name: string) => resolver.pathOf(drafts[index]!, name);
    for (const problem of checkCell(params, data, context.dataset, spec, pathOf)) {
      const key = `${problem.reason} ${placeKey(problem.place)}`;
      if (!seen.has(key)) problems.push(problem);
      seen.add(key);
    }
  }
  problems.push(...checkUnusedSettings(drafts, resolver, spec));
  const comparisons = compare(spec, expanded, { grids, resolver }, problems);
  if (problems.length > 0) throw fail(problems, spec);
  const seeds = listSeeds(spec.seeds);
  return {
    name: spec.name,
    description: spec.description ?? '',
    axes,
    cells,
    trials: expandTrials(cells, seeds, data, spec.order ?? 'interleaved', context),
    seeds,
    metric: resolveMetric(spec.metric),
    arithmetic,
    comparisons,
    budget,
    maxRetries: spec.retry?.max ?? 0,
    maxConcurrentTrials: spec.resources?.maxConcurrentTrials ?? 'auto',
    checkpointEveryEpochs: spec.checkpoint?.everyEpochs ?? 1,
  };
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

function compare(
  spec: ExperimentSpec,
  { axes, cells, drafts, baseline }: ExpandedCells,
  { grids, resolver }: Pick<Parameters<typeof matchBaselines>[0], 'grids' | 'resolver'>,
  problems: PlacedFileProblem[],
): Comparison[] {
  const columns = axes.map(({ name }) => name);
  const compared = { spec, grids, columns, cells, drafts, resolver };
  const pairs =
    spec.mode === 'oneAtATime'
      ? cells.flatMap((cell) => (baseline && cell !== baseline ? [{ cell, baseline }] : []))
      : spec.compare
        ? matchBaselines(compared, problems)
        : [];
  checkDrift(pairs, compared, problems);
  return toComparisons(pairs, columns);
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
