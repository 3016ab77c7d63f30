/**
 * plan.json: the plan that an experiment's folder was last used with. `runner gc` knows by it which trials the
 * experiment refers to. Two files may have one `name` and share a folder: then plan.json is that of the file that ran
 * last, and the folder plans/ keeps those of the others.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { RunnerError } from '../diagnostics/runner-error.js';
import { portablePath } from '../system/file-names.js';
import { renamePath } from '../system/rename-path.js';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import type { Plan, Trial } from '../plan/plan.js';

export interface PlanRecord {
  /** Where it is. */
  readonly path: string;
  /**
   * The experiment's file, as seen from the folder; null where it was no regular file, such as standard input, and in
   * what version 0.1.0 wrote.
   */
  readonly file: string | null;
  readonly trialIds: ReadonlySet<string>;
  /** Whether its trials keep their networks. */
  readonly savesModels: boolean;
}

export const plansFolder = (directory: string): string => join(directory, 'plans');

const planPath = (directory: string): string => join(directory, 'plan.json');

/**
 * The plans that an experiment's folder holds: plan.json first, where there is one.
 * @throws RunnerError `plan-unreadable`; what the disk says
 */
export async function readPlanRecords(directory: string): Promise<PlanRecord[]> {
  const others = plansFolder(directory);
  const names = await readdir(others).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  const paths = names.filter((name) => name.endsWith('.json')).map((name) => join(others, name));
  const records = await Promise.all([planPath(directory), ...paths].map(readRecord));
  return records.filter((record) => record !== null);
}

/** Null where there is none. @throws RunnerError `plan-unreadable` */
async function readRecord(path: string): Promise<PlanRecord | null> {
  try {
    const plan = JSON.parse(await readFile(path, 'utf8')) as Partial<Plan & { file: unknown }> | null;
    const ids = Array.isArray(plan?.trials)
      ? plan.trials.map((trial?: Partial<Trial>) => trial?.id)
      : [undefined];
    if (!ids.every((id) => typeof id === 'string')) throw new Error('it has no trials with ids');
    const file = typeof plan?.file === 'string' ? plan.file : null;
    const savesModels = (plan?.saveModels ?? 'none') !== 'none';
    return { path, file, trialIds: new Set(ids), savesModels };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const { message: cause } = error as Error;
    throw new RunnerError([{ kind: 'environment', reason: 'plan-unreadable', path, cause }]);
  }
}

/** Where a record's file is, if it is still there: one that was moved, renamed or removed is not. */
export async function locateFile(directory: string, { file }: PlanRecord): Promise<string | null> {
  if (file === null) return null;
  const path = resolve(await realpath(directory), file);
  return existsSync(path) ? path : null;
}

/** Other files whose plans a folder holds, and that are still there. Paths as seen from the working folder. */
export async function findOtherFiles(directory: string, file: string): Promise<string[]> {
  const own = await nameFile(directory, file);
  if (own === null) return [];
  const records = await readPlanRecords(directory).catch(() => []); // `runner gc` reports what is unreadable
  const others = await Promise.all(
    records.filter((record) => record.file !== own).map((record) => locateFile(directory, record)),
  );
  return [...new Set(others)].filter((path) => path !== null).map((path) => relative('', path));
}

/** Writes plan.json. That of another file, which is still there, is kept in plans/. */
export async function writePlanRecord(directory: string, plan: Plan, file: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const own = await nameFile(directory, file);
  const path = planPath(directory);
  const last = await readRecord(path).catch(() => null); // an unreadable one is replaced
  if (last !== null && last.file !== own && (await locateFile(directory, last)) !== null) {
    await mkdir(plansFolder(directory), { recursive: true });
    await renamePath(path, keptPath(directory, last.file!)).catch(() => {}); // another runner was faster
  }
  await writeFileAtomically(path, `${JSON.stringify({ file: own, ...plan }, null, 2)}\n`);
  if (own !== null) await rm(keptPath(directory, own), { force: true });
}

function keptPath(directory: string, file: string): string {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return join(plansFolder(directory), `${name}.json`);
}

/** The file as seen from the folder, so that both may be moved together; null for what is no regular file. */
async function nameFile(directory: string, file: string): Promise<string | null> {
  try {
    const path = await realpath(file);
    return (await stat(path)).isFile() ? portablePath(relative(await realpath(directory), path)) : null;
  } catch {
    return null;
  }
}
