import { readdir } from 'node:fs/promises';
import type { Trial } from '../plan/plan.js';
import { lookAtLock, type SeenLock } from '../system/process-lock.js';
import { readProgress, type ProgressRecord } from './trial-progress.js';
import type { TrialStore } from './trial-store.js';

/** A trial that a process has claimed, as it looks from outside. */
export interface ClaimedTrial {
  readonly trial: Trial;
  /** Who claimed it, and whether it lives: a process that was killed leaves its claim. */
  readonly claim: SeenLock;
  /** Null where it is not known how far it is. */
  readonly record: ProgressRecord | null;
}

/** The claimed ones of some trials, in their order, of whichever experiment's run. Takes no claim and writes nothing. */
export async function readClaimed(
  store: Pick<TrialStore, 'claimsDirectory' | 'claimPath'>,
  trials: readonly Trial[],
): Promise<ClaimedTrial[]> {
  const names = new Set(await readdir(store.claimsDirectory).catch(() => []));
  const claimed: ClaimedTrial[] = [];
  for (const trial of trials) {
    if (!names.has(trial.id)) continue;
    const path = store.claimPath(trial.id);
    const claim = await lookAtLock(path);
    if (claim) claimed.push({ trial, claim, record: await readProgress(path) });
  }
  return claimed;
}
