import { join } from 'node:path';
import { describeSelectionHint } from '../report/text/selection-hint.js';
import { describeSharedName } from '../report/text/shared-name-hint.js';
import type { Plan } from '../plan/plan.js';
import type { Arguments } from './arguments.js';
import { say } from './say.js';

/** Hints, on standard error, at what a user may not have meant in a file that is valid. */
export function showHints(plan: Plan, file: string, args: Arguments): void {
  const hint = describeSelectionHint(plan, file);
  if (hint !== null) say(args, hint);
}

/** Says which other files have the same name, and so the same results folder. */
export function showSharedName(
  { name }: Plan,
  file: string,
  others: readonly string[],
  args: Arguments,
): void {
  if (others.length > 0) say(args, describeSharedName(name, file, others, join(args.resultsDir, name)));
}
