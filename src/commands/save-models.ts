import { existsSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { packFor } from '../data/pack/pack.js';
import type { ImageFacts } from '../data/dataset.js';
import { count } from '../diagnostics/count.js';
import type { Plan, Trial, TrialParams } from '../plan/plan.js';
import type { Report } from '../report/analyse.js';
import { bestFolder, chooseModels, type ChosenModel } from '../report/statistics/chosen-models.js';
import { testNames } from '../report/statistics/trial-results.js';
import type { ResultsFolder } from '../run/results-folder.js';
import type { ModelCard, ModelInput } from '../saving/model-card.js';
import { readTrialNetworks } from '../saving/networks/trial-networks.js';
import { isWhole, readSavedModel, saveModel, type SavedModel } from '../saving/save-model.js';
import { programVersion } from '../system/program-version.js';
import { removePath } from '../system/remove-path.js';
import type { Arguments } from './arguments.js';
import type { LoadedPlan } from './load-plan.js';
import type { ExperimentData } from './open-datasets.js';
import { say } from './say.js';

/**
 * Writes the models that a plan asks for, of the networks that its trials have kept. What is there already stays.
 * @param exitCode of the program where the disk refuses
 * @returns the trials whose network is not there: they were trained before models were asked for, or another metric
 * selects another epoch now
 * @throws RunnerError `results-unwritable`
 */
export async function saveModels(
  loaded: Pick<LoadedPlan, 'experiment' | 'data'>,
  results: ResultsFolder,
  { plan, leaderboard, results: trialResults }: Report,
  exitCode: 1 | 2,
  args: Arguments,
): Promise<Trial[]> {
  const lacking = new Map<string, Trial>();
  const chosen = chooseModels(plan, leaderboard, trialResults);
  for (const model of chosen) {
    const directory = join(results.modelsDirectory, model.folder);
    const { trial } = model.result;
    const before = await readSavedModel(directory);
    const found = await findNetwork(model, before, results, loaded.data);
    if (!found) {
      lacking.set(trial.id, trial);
      continue;
    }
    const card = cardOf(model, found, plan, loaded.experiment);
    if (JSON.stringify(card) !== JSON.stringify(before?.card) || !(await isWhole(directory)))
      await results.writing(exitCode, () => saveModel(directory, { card, tensors: found.tensors }));
    if (model.folder === bestFolder) say(args, describeBest(directory, card));
  }
  if (plan.saveModels !== 'none' && chosen[0]?.folder !== bestFolder)
    say(args, 'No best model: no cell has a result of every seed');
  if (plan.saveModels === 'all' && existsSync(results.modelsDirectory)) {
    await results.writing(exitCode, () => removeRenamed(results.modelsDirectory, chosen));
    say(args, `Models of all trials: ${results.modelsDirectory}`);
  }
  return [...lacking.values()];
}

/** Models of the same trials under the names that their cells had before, as before an axis was added. */
async function removeRenamed(directory: string, chosen: readonly ChosenModel[]): Promise<void> {
  const saved = new Map(chosen.map(({ folder, result }) => [result.trial.id, folder]));
  const cells = new Set([...saved.values()].map((folder) => dirname(folder)));
  for (const cell of await readdir(directory)) {
    if (cell === bestFolder || cells.has(cell)) continue;
    for (const name of await readdir(join(directory, cell)).catch(() => [])) {
      const path = join(directory, cell, name);
      const id = (await readSavedModel(path))?.card.trial.id;
      if (id !== undefined && saved.has(id) && existsSync(join(directory, saved.get(id)!)))
        await removePath(path);
    }
    await rmdir(join(directory, cell)).catch(() => {}); // it may hold others
  }
}

/** What a sweep that keeps the best model only needs no more, once it is complete. */
export async function dropNetworks(results: ResultsFolder, plan: Plan): Promise<void> {
  if (plan.saveModels === 'best') await results.writing(1, () => removePath(results.networksDirectory));
}

/** Of which trials no network is there that their models need, and why. */
export function describeLacking(lacking: readonly Trial[]): string {
  const some = lacking.length === 1 ? lacking[0]!.label : count(lacking.length, 'trial');
  return `No network was kept of ${some}: trained before \`save\` asked for it, or the metric selects another epoch now`;
}

function describeBest(directory: string, { trial, metric, epoch }: ModelCard): string {
  const { name, value, cellMean, cellSeeds } = metric;
  const of =
    cellSeeds === 1
      ? ''
      : `, in the middle of ${count(cellSeeds, 'seed')}, whose mean is ${cellMean.toFixed(4)}`;
  return `Model: ${directory} (${trial.label}, epoch ${epoch}, ${name} ${value.toFixed(4)}${of})`;
}

interface FoundNetwork extends Pick<SavedModel, 'tensors'> {
  readonly classes: readonly string[];
  readonly input: ModelInput;
}

/** In what is saved already, or in what the trial's process has kept. */
async function findNetwork(
  { result: { trial, selected } }: ChosenModel,
  before: SavedModel | null,
  results: ResultsFolder,
  data: ExperimentData,
): Promise<FoundNetwork | null> {
  if (before?.card.trial.id === trial.id && before.card.epoch === selected.epoch) {
    const { classes, input } = before.card;
    return { tensors: before.tensors, classes, input };
  }
  const kept = await readTrialNetworks(results.networksPath(trial.id), trial.id);
  const network = kept?.networks.find(({ epoch }) => epoch === selected.epoch);
  if (!kept || !network) return null;
  const { classes } = kept.facts;
  return { tensors: network.tensors, classes, input: inputOf(trial.params, kept.facts, data) };
}

function inputOf(
  params: TrialParams,
  { shape, mean, deviation }: ImageFacts,
  { own }: ExperimentData,
): ModelInput {
  const [side, , channels] = shape;
  const dataset = own.get(params.dataset);
  const normalizations = {
    unit: null,
    symmetric: { mean: mean.map(() => 0.5), deviation: mean.map(() => 0.5) },
    standardized: { mean, deviation },
  };
  return {
    side,
    channels: channels === 1 ? 1 : 3,
    fit: dataset ? packFor(dataset, params.resolution, params.fit).fit : 'crop',
    background: dataset?.decoding.background ?? 0,
    resolution: params.resolution,
    normalization: normalizations[params.normalization],
    isMirrored: params.testTimeFlip,
  };
}

function cardOf(
  { result, row }: ChosenModel,
  { classes, input }: FoundNetwork,
  { name, description, metric }: Plan,
  experiment: LoadedPlan['experiment'],
): ModelCard {
  const { trial, selected, test, outcome } = result;
  return {
    version: 1,
    program: `classifier-sweep-runner ${programVersion().version}`,
    name,
    description,
    experiment: stringify(experiment),
    axes: row.cell.axes,
    trial,
    epoch: selected.epoch,
    metric: { ...metric, value: selected[metric.name]!, cellMean: row.mean!, cellSeeds: row.n },
    test: trial.data.validation === 'test' ? null : (test?.[testNames[metric.name]] ?? null),
    parameters: outcome.status === 'failed' ? 0 : outcome.parameters,
    classes,
    input,
  };
}
