import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RunnerError } from '../diagnostics/runner-error.js';
import { isLeftover } from '../system/is-leftover.js';
import { lookAtLock } from '../system/process-lock.js';
import { checkResultsFolder } from './check-results-folder.js';
import { readJournal } from './journal.js';
import { logName, logsFolder } from './log-file.js';
import { isFinished } from './journal-record.js';
import { modelsFolder, networksFolder } from './model-folders.js';
import { locateFile, plansFolder, readPlanRecords, type PlanRecord } from './plan-record.js';
import { endedArrays } from './slurm/ended-arrays.js';
import { slurmFolder } from './slurm/submissions.js';
import { storeFolder, TrialStore } from './trial-store.js';

/** Something in a results folder that nothing refers to. */
export interface Garbage {
  readonly path: string;
  readonly bytes: number;
  /** The trial that it belongs to: it is removed only where no process trains that; null: to none. */
  readonly trialId: string | null;
  /** For people. */
  readonly why: string;
}

export interface Findings {
  /** Experiments that the folder holds. */
  readonly experiments: number;
  readonly garbage: readonly Garbage[];
}

/**
 * What a results folder holds of trials that no experiment in it refers to: their records, checkpoints, claims, logs,
 * networks and models;
 * checkpoints of finished trials; what tasks of a cluster wrote that have all ended; temporary files of writers that were killed. An experiment refers to the trials of its
 * plan.json and of plans/, or, where it has no plan.json, to those of its journal. A folder that is no experiment's is
 * left alone.
 * @throws RunnerError `plan-unreadable`; `results-outside`: what lies behind a link to elsewhere is somebody else's; what
 * the disk says: a folder that cannot be read may refer to anything
 */
export async function findGarbage(resultsDirectory: string): Promise<Findings> {
  const garbage: Garbage[] = [];
  const referred = new Set<string>();
  const store = new TrialStore(resultsDirectory);
  const isClaimed = async (id: string) => (await lookAtLock(store.claimPath(id)))?.isAlive ?? false;
  let experiments = 0;
  for (const name of await listFolders()) {
    const directory = join(resultsDirectory, name);
    const experiment = await readExperiment(directory);
    if (experiment === null) continue;
    experiments++;
    const { plans, trialIds } = experiment;
    for (const id of trialIds) referred.add(id);
    const logs = new Set([...trialIds].map(logName));
    for (const { name: log } of await list(logsFolder(directory)))
      if (log.endsWith('.log') && !logs.has(log))
        await add(join(logsFolder(directory), log), null, `log of a trial that is not in ${name} any more`);
    for (const { name: file } of await list(networksFolder(directory))) {
      const [, id] = /^([0-9a-f]{64})\.safetensors$/.exec(file) ?? [];
      const path = join(networksFolder(directory), file);
      if (id === undefined) continue;
      if (!trialIds.has(id)) await add(path, id, `network of a trial that is not in ${name} any more`);
      else if (!plans.some(({ savesModels }) => savesModels))
        await add(path, id, `network of a trial of ${name}, which saves no models any more`);
    }
    await addLeftovers(networksFolder(directory));
    await addModels(name, modelsFolder(directory), trialIds);
    for (const plan of plans.filter(({ path }) => dirname(path) === plansFolder(directory)))
      if ((await locateFile(directory, plan)) === null)
        await add(plan.path, null, `plan of ${basename(plan.file ?? '')}, which is not there any more`);
    await checkResultsFolder(resultsDirectory, slurmFolder(directory));
    for (const path of await endedArrays(directory, isClaimed))
      await add(path, null, 'tasks of a cluster, which have all ended');
    await addLeftovers(directory);
  }
  for (const { name } of await list(store.directory)) {
    const [, id, type] = /^([0-9a-f]{64})\.(json|checkpoint)$/.exec(name) ?? [];
    if (id === undefined) continue;
    const path = join(store.directory, name);
    const record = await store.read(id);
    if (!referred.has(id)) {
      const whose = record ? `${record.experiment ?? ''} ${record.trial.label}`.trim() : id;
      await add(path, id, `${type === 'json' ? 'outcome' : 'checkpoint'} of ${whose}`);
    } else if (type === 'checkpoint' && isFinished(record?.outcome))
      await add(path, id, `checkpoint of ${record!.trial.label}, which is finished`);
  }
  await addLeftovers(store.directory);
  for (const { name } of await list(store.claimsDirectory)) {
    const [id] = /^[0-9a-f]{64}(?=\.|$)/.exec(name) ?? [];
    const path = join(store.claimsDirectory, name);
    if (/^beat-[\w-]+$/.test(name) && (await isLeftover(path)))
      await add(path, null, 'sign of life of a process that was killed');
    if (id === undefined) continue;
    if (!referred.has(id)) await add(path, id, 'claim');
    else if (name !== id && (await isLeftover(path)))
      await add(path, id, 'claim of a process that was killed');
  }
  return { experiments, garbage };

  /** Names of the folders in the results but the store, links among them. */
  async function listFolders(): Promise<string[]> {
    const entries = await readdir(resultsDirectory, { withFileTypes: true });
    const folders: string[] = [];
    for (const entry of entries) {
      if (entry.name === storeFolder) continue;
      const path = join(resultsDirectory, entry.name);
      const target = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
      if (target !== null && !target.isDirectory()) continue;
      await checkResultsFolder(resultsDirectory, path); // a link to nothing: to a disk that is not there, perhaps
      folders.push(entry.name);
    }
    return folders;
  }

  /** A folder's entries; none where it is not there. */
  async function list(directory: string) {
    await checkResultsFolder(resultsDirectory, directory);
    return readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return [];
    });
  }

  async function add(path: string, trialId: string | null, why: string): Promise<void> {
    const found = await stat(path).catch(() => null); // gone this moment
    if (found) garbage.push({ path, bytes: await bytesOf(path, found), trialId, why });
  }

  /** Saved models lie in folders, which lie in those of their cells, but for the best one. */
  async function addModels(
    experiment: string,
    directory: string,
    trialIds: ReadonlySet<string>,
  ): Promise<void> {
    await addLeftovers(directory);
    for (const entry of await list(directory)) {
      const path = join(directory, entry.name);
      if (!entry.isDirectory() || entry.name.endsWith('.tmp')) continue;
      const id = await readTrialId(path);
      if (id === null) await addModels(experiment, path, trialIds);
      else if (!trialIds.has(id))
        await add(path, null, `model of a trial that is not in ${experiment} any more`);
    }
  }

  async function addLeftovers(directory: string): Promise<void> {
    for (const { name } of await list(directory)) {
      if (!name.endsWith('.tmp')) continue;
      const path = join(directory, name);
      if (await isLeftover(path)) await add(path, null, 'temporary file of a process that was killed');
    }
  }
}

/** Of a file, or of all files in a folder. */
async function bytesOf(path: string, found: Stats): Promise<number> {
  if (!found.isDirectory()) return found.isFile() ? found.size : 0;
  const names = await readdir(path, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(path, name)).catch(() => null)));
  return files.reduce((sum, file) => sum + (file?.isFile() ? file.size : 0), 0);
}

/** Whose model a folder holds; null: it holds none that can be read. */
async function readTrialId(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, 'card.json'), 'utf8').catch(() => null);
  try {
    const card = JSON.parse(text ?? '') as { readonly trial?: { readonly id?: unknown } } | null;
    return typeof card?.trial?.id === 'string' ? card.trial.id : null;
  } catch {
    return null;
  }
}

/**
 * What an experiment's folder refers to; null where it is no experiment's folder.
 * @throws RunnerError `plan-unreadable`
 */
async function readExperiment(
  directory: string,
): Promise<{ readonly plans: readonly PlanRecord[]; readonly trialIds: ReadonlySet<string> } | null> {
  const plans = await readPlanRecords(directory);
  const path = join(directory, 'plan.json');
  const ids = plans.flatMap(({ trialIds }) => [...trialIds]);
  if (plans.some((plan) => plan.path === path)) return { plans, trialIds: new Set(ids) };
  const { records, bytes, warnings } = await readJournal(join(directory, 'journal.jsonl'));
  if (plans.length === 0 && bytes === 0) return null;
  if (warnings.length > 0) {
    const cause = 'it is missing, and the journal beside it is damaged';
    throw new RunnerError([{ kind: 'environment', reason: 'plan-unreadable', path, cause }]);
  }
  return { plans, trialIds: new Set([...ids, ...records.keys()]) };
}
