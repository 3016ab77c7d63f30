import { join } from 'node:path';
import { describeSelectionHint, describeUntested } from '../report/text/selection-hint.js';
import { describeSharedName } from '../report/text/shared-name-hint.js';
import type { Plan } from '../plan/plan.js';
import type { Report } from '../report/analyse.js';
import { powerOf, type Power } from '../report/statistics/power.js';
import { describeMarginHint } from '../report/text/describe-power.js';
import { folderNamed } from '../system/file-names.js';
import type { Arguments } from './arguments.js';
import { say } from './say.js';

/** Hints, on standard error, at what a user may not have meant in a file that is valid. */
export function showHints(plan: Plan, file: string, args: Arguments): void {
  const hint = describeSelectionHint(plan, file);
  if (hint !== null) say(args, hint);
}

/** A hint, on standard error, at a margin that the file's seeds will not decide. */
export function showPowerHint(power: Power | null, plan: Plan, file: string, args: Arguments): void {
  const hint = power && describeMarginHint(power, plan, file);
  if (hint !== null) say(args, hint);
}

/** Hints, on standard error, at what the results of a file lack, and what its seeds will not decide. */
export function showReportHints(
  { plan, comparisons, leaderboard }: Report,
  file: string,
  args: Arguments,
): void {
  const spreads = comparisons.map(({ sd, pairs, verdict }) => ({
    sd,
    pairs,
    isOpen: verdict === 'undecided' || verdict === 'too-few-seeds',
  }));
  showPowerHint(powerOf(plan, spreads), plan, file, args);
  showUntestedHint(
    leaderboard.reduce((sum, row) => sum + row.untested, 0),
    file,
    args,
  );
}

/** A hint, on standard error, at so many trials that lack a test value. */
export function showUntestedHint(trials: number, file: string, args: Arguments): void {
  if (trials > 0) say(args, describeUntested(trials, file));
}

/** Says which other files have the same name, and so the same results folder. */
export function showSharedName(
  { name }: Plan,
  file: string,
  others: readonly string[],
  args: Arguments,
): void {
  if (others.length > 0)
    say(args, describeSharedName(name, file, others, join(args.resultsDir, folderNamed(name))));
}
