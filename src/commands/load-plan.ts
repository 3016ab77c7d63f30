import { datasetNames } from '../data/datasets.js';
import { findDamage, openDatasets, type ExperimentData } from './open-datasets.js';
import { findWeights, peekWeights, type FoundWeights } from '../model/mobilenet-v1/weights-file.js';
import { addTrials, expandSpec } from '../plan/expand-plan.js';
import type { Plan, TrialParams } from '../plan/plan.js';
import { chooseFamily, type FamilyChoice } from '../provision/choose-family.js';
import { finishedFamily } from '../run/finished-family.js';
import { ResultsFolder } from '../run/results-folder.js';
import type { ExperimentFile, ExperimentSpec } from '../spec/experiment-spec.js';
import { loadSpec } from '../spec/load-spec.js';
import type { Arguments } from './arguments.js';
import { requireMemory } from './require-memory.js';
import { say } from './say.js';

/** A plan, the files that it was made of, and the pretrained files that its trials start from. */
export interface LoadedPlan {
  readonly plan: Plan;
  readonly files: ExperimentSpec['files'];
  readonly data: ExperimentData;
  /** Numbers of one family of engines are compared, others are not: all trials are of this one. */
  readonly engine: FamilyChoice;
  /** What the files and each `--set` say together. */
  readonly experiment: ExperimentFile;
  /** Null: random weights. */
  readonly weightsPath: (params: TrialParams) => string | null;
}

/** Loads and expands a file; downloads nothing. @throws RunnerError with all its problems */
export async function loadPlan(file: string, args: Arguments): Promise<Plan> {
  return (await loadPlanAndFiles(file, args)).plan;
}

/** As `loadPlan`, with the files that the plan was made of. */
export function loadPlanAndFiles(file: string, args: Arguments): Promise<LoadedPlan> {
  return load(file, args, (alpha, resolution) => peekWeights(args.weightsDir, alpha, resolution));
}

/** As `loadPlan`, and downloads what is not here of an engine and pretrained weights; images that may be damaged are decoded. */
export function loadTrainablePlan(file: string, args: Arguments): Promise<LoadedPlan> {
  const { weightsDir } = args;
  const onProgress = (line: string) => say(args, line);
  const find = (alpha: number, resolution: number) =>
    findWeights({ weightsDir, alpha, resolution, onProgress });
  return load(file, args, find, true);
}

/**
 * Ids hold the hashes of the weights and the data: these come before the trials.
 * @param isTrained prepares the engine, and decodes data sets whose damaged images are left out, where that was never tried
 */
async function load(
  file: string,
  args: Arguments,
  find: (alpha: number, resolution: number) => FoundWeights | null | Promise<FoundWeights>,
  isTrained = false,
): Promise<LoadedPlan> {
  const spec = await loadSpec(file, args.overrides, datasetNames);
  const engine = await chooseFamily({
    engine: args.engine,
    finished: await finishedFamily(new ResultsFolder(args.resultsDir, spec.name).journalPath),
    unprepared: isTrained ? 'prepare' : 'expect',
    onProgress: (line) => say(args, line),
  });
  let data = await openDatasets(spec, args);
  let expansion = expandSpec(spec, data.factsOf);
  if (isTrained && (await findDamage(expansion.plan.cells, data, args))) {
    data = await openDatasets(spec, args);
    expansion = expandSpec(spec, data.factsOf);
  }
  const datasets = data.factsOf;
  const found = new Map<string, FoundWeights | null>();
  const keyOf = (alpha: number, resolution: number) => `${alpha} ${resolution}`;
  for (const { params } of expansion.plan.cells) {
    const { weights, alpha, resolution } = params;
    const key = keyOf(alpha, resolution);
    if (weights === 'imagenet' && !found.has(key)) found.set(key, await find(alpha, resolution));
  }
  const weightsOf = (alpha: number, resolution: number) => found.get(keyOf(alpha, resolution)) ?? null;
  const weightsSha256 = (alpha: number, resolution: number) => weightsOf(alpha, resolution)?.sha256 ?? null;
  const plan = addTrials(expansion, { datasets, engineFamily: engine.family, weightsSha256 });
  if (engine.family === 'wasm') requireMemory(plan);
  return {
    plan,
    engine,
    files: spec.files,
    data,
    experiment: spec.experiment,
    weightsPath: ({ weights, alpha, resolution }) =>
      weights === 'none' ? null : (weightsOf(alpha, resolution)?.path ?? null),
  };
}
