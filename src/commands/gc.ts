import { basename, resolve } from 'node:path';
import { listPacks, removePack, type FoundPack } from '../data/pack/list-packs.js';
import { ProcessLock } from '../system/process-lock.js';
import { removePath } from '../system/remove-path.js';
import { readingResults, writingResults } from '../run/disk-refusal.js';
import { findGarbage, type Garbage } from '../run/find-garbage.js';
import { TrialStore } from '../run/trial-store.js';
import type { Arguments } from './arguments.js';
import { count } from '../diagnostics/count.js';
import { code } from '../diagnostics/wording.js';
import { say } from './say.js';

/** Lists what no experiment of the results folder refers to, or packs of decoded images; with --yes, removes it. */
export async function gc(args: Arguments): Promise<number> {
  const { resultsDir, yes, json, packs } = args;
  if (packs !== undefined) {
    const found = await listPacksToRemove(packs, args);
    const nothing = `the cache has no decoded images${packs === 'all' ? '' : ` of ${code(packs)}`}.`;
    const words = { nothing, again: `gc --packs ${packs} --yes`, trains: 'on it' };
    process.stdout.write(`${json ? toJson(found, yes) : describe(found, yes, words)}\n`);
    return yes && found.some(({ removed }) => !removed) ? 1 : 0;
  }
  const { experiments, garbage } = await readingResults(resultsDir, () => findGarbage(resultsDir));
  const found: readonly Removal[] = yes
    ? await writingResults(resultsDir, 1, () => remove(garbage, resultsDir))
    : garbage.map((entry) => ({ ...entry, removed: false, inUseBy: null }));
  if (json) process.stdout.write(`${toJson(found, yes)}\n`);
  else if (experiments === 0 && found.length === 0)
    process.stdout.write(`Nothing to remove: ${resultsDir} holds no results.\n`);
  else {
    const nothing = `the experiments in ${resultsDir} refer to everything there.`;
    process.stdout.write(`${describe(found, yes, { nothing, again: 'gc --yes', trains: 'it' })}\n`);
  }
  return yes && found.some(({ removed }) => !removed) ? 1 : 0;
}

interface Removal extends Pick<Garbage, 'path' | 'bytes' | 'why'> {
  readonly removed: boolean;
  /** The process that trains the entry's trial, or on its images, so that it is kept; null where there is none. */
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

/** @param nothing said where nothing is found @param again the command that removes @param trains what a process trains */
function describe(
  found: readonly Removal[],
  yes: boolean,
  { nothing, again, trains }: { readonly nothing: string; readonly again: string; readonly trains: string },
): string {
  if (found.length === 0) return `Nothing to remove: ${nothing}`;
  const megabytes = (bytesOf(found) / 1e6).toFixed(1);
  const removed = found.filter((entry) => entry.removed).length;
  return [
    ...found.map(({ path, why, bytes }) => `${path}: ${why}, ${count(bytes, 'byte')}`),
    ...found.flatMap(({ path, inUseBy }) =>
      inUseBy === null ? [] : [`kept: ${path}, process ${inUseBy} trains ${trains}`],
    ),
    yes
      ? `Removed ${removed} of ${found.length}, ${megabytes} MB in total.`
      : `${found.length}, ${megabytes} MB in total. Nothing was removed; \`runner ${again}\` removes them.`,
  ].join('\n');
}

/** Packs, as `gc --packs` lists them: all results folders share the cache, so none can tell which packs are needed. */
async function listPacksToRemove(which: string, args: Arguments): Promise<Removal[]> {
  const removals: Removal[] = [];
  const onWait = (pid: number) =>
    say(args, `Another process (${pid}) is decoding its images; waiting for it`);
  for (const pack of await findPacks(which)) {
    const { directory: path, bytes, lastUsed, meta } = pack;
    const what = meta
      ? `${meta.name}, ${meta.shape[0]} pixels, from ${meta.source}`
      : 'unknown images, damaged';
    const why = `${what}, last used ${lastUsed.toISOString().slice(0, 10)}`;
    const inUseBy = args.yes ? await removePack(pack, onWait) : null;
    removals.push({ path, bytes, why, removed: args.yes && inUseBy === null, inUseBy });
  }
  return removals;
}

/** All packs, or those of a data set by its name or place, or by the first eight letters or more of a pack's own name. */
async function findPacks(which: string): Promise<FoundPack[]> {
  const packs = await listPacks();
  if (which === 'all') return packs;
  const isNamed = ({ directory, meta }: FoundPack) =>
    meta?.name === which ||
    meta?.source === resolve(which) ||
    (which.length >= 8 && basename(directory).startsWith(which));
  return packs.filter(isNamed);
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
    if (trialId === null || !path.startsWith(store.claimsDirectory)) await removePath(path);
    await claim?.release();
    removals.push({ ...entry, removed: true, inUseBy: null });
  }
  return removals;
}
