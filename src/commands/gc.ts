import { rm } from 'node:fs/promises';
import { ProcessLock } from '../system/process-lock.js';
import { readingResults, writingResults } from '../run/disk-refusal.js';
import { findGarbage, type Garbage } from '../run/find-garbage.js';
import { TrialStore } from '../run/trial-store.js';
import type { Arguments } from './arguments.js';
import { count } from '../diagnostics/count.js';

/** Lists what no experiment of the results folder refers to; with --yes, removes it. */
export async function gc({ resultsDir, yes, json }: Arguments): Promise<number> {
  const { experiments, garbage } = await readingResults(resultsDir, () => findGarbage(resultsDir));
  const found: readonly Removal[] = yes
    ? await writingResults(resultsDir, 1, () => remove(garbage, resultsDir))
    : garbage.map((entry) => ({ ...entry, removed: false, inUseBy: null }));
  if (json) process.stdout.write(`${toJson(found, yes)}\n`);
  else if (experiments === 0 && found.length === 0)
    process.stdout.write(`Nothing to remove: ${resultsDir} holds no results.\n`);
  else process.stdout.write(`${describe(found, resultsDir, yes)}\n`);
  return yes && found.some(({ removed }) => !removed) ? 1 : 0;
}

interface Removal extends Garbage {
  readonly removed: boolean;
  /** The process that trains the entry's trial, so that it is kept; null where there is none. */
  readonly inUseBy: number | null;
}

const bytesOf = (found: readonly Removal[]): number => found.reduce((sum, { bytes }) => sum + bytes, 0);

function toJson(found: readonly Removal[], yes: boolean): string {
  const entries = found.map(({ path, bytes, why, removed, inUseBy }) => ({
    path,
    bytes,
    why,
    removed,
    inUseBy,
  }));
  return JSON.stringify({ remove: yes, bytes: bytesOf(found), entries }, null, 2);
}

function describe(found: readonly Removal[], resultsDir: string, yes: boolean): string {
  if (found.length === 0)
    return `Nothing to remove: the experiments in ${resultsDir} refer to everything there.`;
  const megabytes = (bytesOf(found) / 1e6).toFixed(1);
  const removed = found.filter((entry) => entry.removed).length;
  return [
    ...found.map(({ path, why, bytes }) => `${path}: ${why}, ${count(bytes, 'byte')}`),
    ...found.flatMap(({ path, inUseBy }) =>
      inUseBy === null ? [] : [`kept: ${path}, process ${inUseBy} trains it`],
    ),
    yes
      ? `Removed ${removed} of ${found.length}, ${megabytes} MB in total.`
      : `${found.length}, ${megabytes} MB in total. Nothing was removed; \`runner gc --yes\` removes them.`,
  ].join('\n');
}

/** An entry whose trial a process trains is kept. */
async function remove(garbage: readonly Garbage[], resultsDirectory: string): Promise<Removal[]> {
  const store = new TrialStore(resultsDirectory);
  const removals: Removal[] = [];
  for (const entry of garbage) {
    const { path, trialId } = entry;
    const claim = trialId === null ? null : await store.claim(trialId);
    if (claim !== null && !(claim instanceof ProcessLock)) {
      removals.push({ ...entry, removed: false, inUseBy: claim.pid });
      continue;
    }
    // A claim is removed by being taken and released.
    if (!path.startsWith(store.claimsDirectory)) await rm(path, { recursive: true, force: true });
    await claim?.release();
    removals.push({ ...entry, removed: true, inUseBy: null });
  }
  return removals;
}
