import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../diagnostics/runner-error.js';
import { isLeftover } from '../system/is-leftover.js';
import type { Plan, Trial } from '../plan/plan.js';
import { checkResultsFolder } from './check-results-folder.js';
import { readJournal } from './journal.js';
import { logName, logsFolder } from './log-file.js';
import { isFinished } from './journal-record.js';
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

/**
 * What a results folder holds of trials that no experiment in it refers to: their records, checkpoints, claims and logs;
 * checkpoints of finished trials; temporary files of writers that were killed. An experiment refers to the trials of its
 * plan.json, or, where it has none, to those of its journal.
 * @throws RunnerError `plan-unreadable`, `results-outside`: what lies behind a link to elsewhere is somebody else's
 */
export async function findGarbage(resultsDirectory: string): Promise<Garbage[]> {
  const folders = (await list(resultsDirectory)).filter((entry) => entry.isDirectory());
  const experiments = folders.map(({ name }) => name).filter((name) => name !== storeFolder);
  const garbage: Garbage[] = [];
  const referred = new Set<string>();
  for (const experiment of experiments) {
    const directory = join(resultsDirectory, experiment);
    const own = await trialsOf(directory);
    for (const id of own) referred.add(id);
    const logs = new Set([...own].map(logName));
    for (const { name } of await list(logsFolder(directory)))
      if (name.endsWith('.log') && !logs.has(name))
        await add(
          join(logsFolder(directory), name),
          null,
          `log of a trial that is not in ${experiment} any more`,
        );
    await addLeftovers(directory);
  }
  const store = new TrialStore(resultsDirectory);
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
    const id = name.split('.')[0]!;
    const path = join(store.claimsDirectory, name);
    if (!referred.has(id)) await add(path, id, 'claim');
    else if (name !== id && (await isLeftover(path)))
      await add(path, id, 'claim of a process that was killed');
  }
  return garbage;

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
    if (found) garbage.push({ path, bytes: found.isFile() ? found.size : 0, trialId, why });
  }

  async function addLeftovers(directory: string): Promise<void> {
    for (const { name } of await list(directory)) {
      if (!name.endsWith('.tmp')) continue;
      const path = join(directory, name);
      if (await isLeftover(path)) await add(path, null, 'temporary file of a process that was killed');
    }
  }
}

/** Ids of the trials that an experiment's folder refers to. */
async function trialsOf(directory: string): Promise<ReadonlySet<string>> {
  const path = join(directory, 'plan.json');
  try {
    const plan = JSON.parse(await readFile(path, 'utf8')) as Partial<Plan> | null;
    const ids = Array.isArray(plan?.trials)
      ? plan.trials.map((trial?: Partial<Trial>) => trial?.id)
      : [undefined];
    if (!ids.every((id) => typeof id === 'string')) throw new Error('it has no trials with ids');
    return new Set(ids);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return new Set((await readJournal(join(directory, 'journal.jsonl'))).records.keys());
    const { message: cause } = error as Error;
    throw new RunnerError([{ kind: 'environment', reason: 'plan-unreadable', path, cause }]);
  }
}
