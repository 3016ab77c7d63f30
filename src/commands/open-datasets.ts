import { join, resolve } from 'node:path';
import type { DatasetFacts } from '../data/dataset.js';
import { datasetNamed } from '../data/datasets.js';
import { openOwnDataset } from '../data/own/open-own-dataset.js';
import type { OwnDataset } from '../data/own/own-dataset.js';
import { claimPack } from '../data/pack/pack-uses.js';
import { ensurePack, packDirectory, packFor, type PackOptions } from '../data/pack/pack.js';
import { count } from '../diagnostics/count.js';
import type { Problem } from '../diagnostics/problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { Cell, Trial, TrialParams } from '../plan/plan.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import type { ProcessLock } from '../system/process-lock.js';
import type { TrialRequest } from '../trial/trial-protocol.js';
import type { Arguments } from './arguments.js';
import { interruptible } from './interruptible.js';
import { say } from './say.js';
import { sayProgress } from './say-progress.js';

/** Where trials' processes find their images. */
export interface ProvidedImages {
  of(params: TrialParams): Pick<TrialRequest, 'dataset' | 'dataDirectory'>;
  /** No trial reads them any more: `gc --packs` may remove them. */
  release(): Promise<void>;
}

/** The data sets that an experiment may use, by their names. */
export interface ExperimentData {
  /** @throws Error where there is none of this name */
  readonly factsOf: (name: string) => DatasetFacts;
  readonly own: ReadonlyMap<string, OwnDataset>;
}

/**
 * Reads the user's own data sets that a file uses, but for their pixels. Known ones need no reading.
 * @throws RunnerError with all that is wrong with any of them
 */
export async function openDatasets(spec: ExperimentSpec, args: Arguments): Promise<ExperimentData> {
  const own = new Map<string, OwnDataset>();
  const problems: Problem[] = [];
  for (const name of spec.usedDatasets) {
    const entry = spec.ownDatasets.get(name);
    if (!entry) continue;
    const progress = sayProgress(
      args,
      (done, total) => `Reading ${name}: ${done} of ${total} new or changed images`,
    );
    try {
      own.set(name, await openOwnDataset(entry, progress));
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new RunnerError(problems);
  return { own, factsOf: (name) => own.get(name) ?? datasetNamed(name) };
}

/**
 * Provides the images that trials train on: known data sets are found or fetched and checked, own ones packed.
 * @throws RunnerError `bad-data-dir`, `data-not-found`, `data-corrupt`; as `ensurePack`
 */
export async function provideImages(
  trials: readonly Trial[],
  { own }: ExperimentData,
  args: Arguments,
): Promise<ProvidedImages> {
  const onProgress = (line: string) => say(args, line);
  const known = [...new Set(trials.map(({ params }) => params.dataset))].filter((name) => !own.has(name));
  const provided = new Map<string, ReturnType<ProvidedImages['of']>>();
  const claims: ProcessLock[] = [];
  for (const name of known) {
    const dataset = datasetNamed(name);
    const { directory } = await dataset.find({ dataDir: dataDirOf(name, known, args), onProgress });
    await dataset.verify(directory);
    provided.set(name, { dataset: name, dataDirectory: resolve(directory) });
    say(args, `Data: ${dataset.title} in ${directory}`);
  }
  const keyOf = (params: TrialParams): string => {
    const dataset = own.get(params.dataset);
    if (!dataset) return params.dataset;
    const { side, fit } = packFor(dataset, params.resolution, params.fit);
    return `${dataset.name} ${side} ${fit}`;
  };
  for (const { params } of trials) {
    const dataset = own.get(params.dataset);
    const key = keyOf(params);
    if (!dataset || provided.has(key)) continue;
    const { side, fit } = packFor(dataset, params.resolution, params.fit);
    const claim = await claimPack(packDirectory(dataset.sha256, { side, fit }));
    if (claim) claims.push(claim);
    const directory = await pack(dataset, { side, fit }, args);
    provided.set(key, { dataset: null, dataDirectory: directory });
    say(args, `Data: ${dataset.title} from ${dataset.source}, ${side} pixels, in ${directory}`);
  }
  return {
    of: (params) => provided.get(keyOf(params))!,
    release: async () => {
      for (const claim of claims.splice(0)) await claim.release();
    },
  };
}

/** The folder of a pack, made where it is not there. */
function pack(dataset: OwnDataset, options: PackOptions, args: Arguments): Promise<string> {
  const describe = (done: number, total: number) =>
    `Decoding ${dataset.title} at ${options.side} pixels: ${done} of ${count(total, 'image')}`;
  const onWait = (pid: number) =>
    say(args, `Another process (${pid}) is decoding ${dataset.title}; waiting for it`);
  return interruptible((signal) => ensurePack(dataset, options, sayProgress(args, describe), onWait, signal));
}

/**
 * Decodes the data sets whose damaged images are left out, where that was never tried: which images there are is part of
 * every trial's identity.
 * @returns whether some turned out to be damaged: then the data sets are to be opened again
 */
export async function findDamage(
  cells: readonly Cell[],
  { own }: ExperimentData,
  args: Arguments,
): Promise<boolean> {
  let isDamaged = false;
  const tried = new Set<OwnDataset>();
  for (const { params } of cells) {
    const dataset = own.get(params.dataset);
    if (!dataset || !dataset.skipsBadImages || dataset.isVerified || tried.has(dataset)) continue;
    tried.add(dataset);
    try {
      await pack(dataset, packFor(dataset, params.resolution, params.fit), args);
    } catch (error) {
      if (!(error instanceof RunnerError) || error.problems.some(({ reason }) => reason !== 'bad-images'))
        throw error;
      isDamaged = true;
    }
  }
  return isDamaged;
}

/** `--data-dir` is the folder of the one known data set, or holds a folder for each of several. */
export function dataDirOf(
  name: string,
  known: readonly string[],
  { dataDir }: Pick<Arguments, 'dataDir'>,
): string | undefined {
  return dataDir === undefined || known.length === 1 ? dataDir : join(dataDir, name);
}
