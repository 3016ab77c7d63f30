import { placeKey } from '../diagnostics/code-frame.js';
import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { AxisName, ExperimentSpec, ParamsEntry } from '../spec/experiment-spec.js';
import { sortProblems } from '../spec/sort-problems.js';
import { describeArithmetic } from './arithmetic.js';
import { checkCell } from './check-cells.js';
import {
  defaultSeed,
  resolveAugmentations,
  resolveData,
  resolveMetric,
  resolveParams,
} from './resolve-params.js';
import { trainerVersion } from './trainer-version.js';
import { trialId } from './trial-id.js';
import type { AxisValue, Cell, Plan, Trial, TrialData } from './trial.js';

/** What a trial's identity needs and the file does not hold. */
export interface PlanContext {
  /** SHA-256 of the pretrained weights that a trial would start from; null where there are none. */
  readonly weightsSha256: (alpha: number, resolution: number) => string | null;
  readonly dataSha256: string;
  readonly engineFamily: string;
}

/** A plan beyond this is a mistake in the file: at a minute a trial it would take ten weeks. */
export const maximumTrials = 100_000;

interface Axis {
  readonly name: AxisName;
  readonly values: readonly unknown[];
}

/**
 * Expands an experiment: (extends →) params → matrix → de-duplicate → × seeds, the first axis of the file
 * varying slowest. Pure.
 * @throws RunnerError `too-many-trials`, or with every cell that cannot be trained.
 */
export function expandPlan(spec: ExperimentSpec, context: PlanContext): Plan {
  const axes = Object.entries(spec.matrix ?? {}).map(([name, values]) => ({
    name: name as AxisName,
    values,
  }));
  const seedCount =
    spec.seeds === undefined ? 1 : 'count' in spec.seeds ? spec.seeds.count : spec.seeds.length;
  refuseTooMany(spec, axes, seedCount);
  const seeds = listSeeds(spec.seeds);
  const data = resolveData(spec.data);
  const cells = expandCells(spec, axes, data);
  return {
    name: spec.name,
    description: spec.description ?? '',
    axes: axes.map(({ name, values }) => ({ name, values: values.map(toAxisValue) })),
    cells,
    trials: expandTrials(cells, seeds, data, context),
    seeds,
    metric: resolveMetric(spec.metric),
    comparisons: [],
    maxConcurrentTrials: spec.resources?.maxConcurrentTrials ?? 'auto',
  };
}

function refuseTooMany(spec: ExperimentSpec, axes: readonly Axis[], seeds: number): void {
  const counts = axes.map(({ name, values }) => ({ name, count: values.length }));
  const trials = counts.reduce((product, { count }) => product * count, seeds);
  if (trials <= maximumTrials) return;
  throw new RunnerError([
    {
      kind: 'file',
      reason: 'too-many-trials',
      place: spec.keyPlaceOf(axes.length > 0 ? ['matrix'] : ['seeds']),
      trials,
      limit: maximumTrials,
      arithmetic: describeArithmetic(counts, 0, seeds),
    },
  ]);
}

function listSeeds(seeds: ExperimentSpec['seeds']): readonly number[] {
  if (seeds === undefined) return [defaultSeed];
  if (!('count' in seeds)) return seeds;
  return Array.from({ length: seeds.count }, (_, index) => (seeds.base ?? defaultSeed) + index);
}

function expandCells(spec: ExperimentSpec, axes: readonly Axis[], data: TrialData): Cell[] {
  const sets = resolveAugmentations(spec.augmentations);
  const cells: Cell[] = [];
  const known = new Set<string>();
  const problems = new Map<string, PlacedFileProblem>(); // by place: one value can spoil many cells
  for (const choice of choices(axes.map(({ values }) => values.length))) {
    const entry = axes.reduce(
      (params, { name, values }, axis) => withValue(params, name, values[choice[axis]!]),
      spec.params ?? {},
    );
    const params = resolveParams(entry, sets);
    const pathOf = (name: AxisName) => {
      const axis = axes.findIndex((candidate) => candidate.name === name);
      return axis === -1 ? ['params', name] : ['matrix', name, choice[axis]!];
    };
    for (const problem of checkCell(params, data, spec, pathOf)) {
      const key = `${problem.reason} ${placeKey(problem.place)}`;
      if (!problems.has(key)) problems.set(key, problem);
    }
    const content = JSON.stringify(params); // resolved parameters always have one order of keys
    if (known.has(content)) continue;
    known.add(content);
    const shown = axes.map(({ name, values }, axis) => [name, toAxisValue(values[choice[axis]!])] as const);
    cells.push({ index: cells.length, axes: Object.fromEntries(shown), params });
  }
  if (problems.size > 0) throw new RunnerError(sortProblems([...problems.values()], spec.sources));
  return cells;
}

/** Every combination of indices below the lengths, the last one varying fastest; one empty one without lengths. */
function* choices(lengths: readonly number[]): Generator<readonly number[]> {
  const total = lengths.reduce((product, length) => product * length, 1);
  for (let number = 0; number < total; number++) {
    let rest = number;
    yield lengths
      .toReversed()
      .map((length) => {
        const index = rest % length;
        rest = Math.floor(rest / length);
        return index;
      })
      .reverse();
  }
}

function withValue(params: ParamsEntry, axis: AxisName, value: unknown): ParamsEntry {
  switch (axis) {
    case 'optimizer.learningRate':
      return { ...params, optimizer: { ...params.optimizer, learningRate: value as number } };
    case 'optimizer':
      return { ...params, optimizer: { ...params.optimizer, ...(value as ParamsEntry['optimizer']) } };
    default:
      return { ...params, [axis]: value };
  }
}

const toAxisValue = (value: unknown): AxisValue =>
  typeof value === 'object' ? JSON.stringify(value) : (value as AxisValue);

/** The first seed of every cell, then the second: what is there after an interruption is an even picture. */
function expandTrials(
  cells: readonly Cell[],
  seeds: readonly number[],
  data: TrialData,
  { weightsSha256, dataSha256, engineFamily }: PlanContext,
): Trial[] {
  return seeds.flatMap((seed) =>
    cells.map(({ index, axes, params }) => {
      const weights = params.weights === 'none' ? null : weightsSha256(params.alpha, params.resolution);
      const identity = {
        trainerVersion,
        params,
        seed,
        data,
        dataSha256,
        weightsSha256: weights,
        engineFamily,
      };
      const label = Object.entries({ ...axes, seed }).map(([name, value]) => `${name}=${value}`);
      return { id: trialId(identity), cellIndex: index, label: label.join(' '), seed, params, data };
    }),
  );
}
