import { rm } from 'node:fs/promises';
import { ProcessLock } from '../system/process-lock.js';
import { readingResults, writingResults } from '../run/disk-refusal.js';
import { findGarbage, type Garbage } from '../run/find-garbage.js';
import { TrialStore } from '../run/trial-store.js';
import type { Arguments } from './arguments.js';
import { count } from '../diagnostics/count.js';

/** Shows what in the results folder no experiment refers to; with --yes, removes it. */
export async function gc(args: Arguments): Promise<number> {
  const garbage = await readingResults(args.resultsDir, () => findGarbage(args.resultsDir));
  if (garbage.length === 0) {
    process.stdout.write(
      `Nothing to remove: the experiments in ${args.resultsDir} refer to all that is there.\n`,
    );
    return 0;
  }
  for (const { path, bytes, why } of garbage)
    process.stdout.write(`${path}: ${why}, ${count(bytes, 'byte')}\n`);
  const total = garbage.reduce((sum, { bytes }) => sum + bytes, 0);
  const kept = args.yes
    ? await writingResults(args.resultsDir, 1, () => remove(garbage, args.resultsDir))
    : garbage.length;
  const megabytes = (total / 1e6).toFixed(1);
  process.stdout.write(
    args.yes
      ? `Removed ${garbage.length - kept} of ${garbage.length}, ${megabytes} MB in all.\n`
      : `${garbage.length}, ${megabytes} MB in all. Nothing was removed; \`runner gc --yes\` removes them.\n`,
  );
  return args.yes && kept > 0 ? 1 : 0;
}

/** How many are kept, because a process trains their trial. */
async function remove(garbage: readonly Garbage[], resultsDirectory: string): Promise<number> {
  const store = new TrialStore(resultsDirectory);
  let kept = 0;
  for (const { path, trialId } of garbage) {
    const claim = trialId === null ? null : await store.claim(trialId);
    if (claim !== null && !(claim instanceof ProcessLock)) {
      process.stdout.write(`kept: ${path}, process ${claim.pid} trains it\n`);
      kept++;
      continue;
    }
    // A claim is removed by being taken and released.
    if (!path.startsWith(store.claimsDirectory)) await rm(path, { recursive: true, force: true });
    await claim?.release();
  }
  return kept;
}
