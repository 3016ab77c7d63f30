import { describeSelectionHint } from '../report/text/selection-hint.js';
import type { Plan } from '../plan/plan.js';
import type { Arguments } from './arguments.js';

/** Says on standard error what of a valid file a user may not have meant. */
export function showHints(plan: Plan, file: string, args: Arguments): void {
  const hint = describeSelectionHint(plan, file);
  if (hint !== null && !args.quiet) process.stderr.write(`${hint}\n`);
}
