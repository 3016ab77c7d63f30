import { RunnerError } from '../diagnostics/runner-error.js';
import type { Plan } from '../plan/plan.js';
import { findEarlierLook } from '../run/looks.js';
import { ResultsFolder, type Known } from '../run/results-folder.js';
import { datasetNames } from '../data/datasets.js';
import { loadSpec } from '../spec/load-spec.js';
import type { Arguments } from './arguments.js';
import { showSharedName } from './show-hints.js';

/** The experiment's results, which warn of damage on standard error. */
export function openResults({ name }: Plan, { resultsDir }: Arguments): ResultsFolder {
  return new ResultsFolder(resultsDir, name, (line) => process.stderr.write(`warning: ${line}\n`));
}

/**
 * Opens and reads them, and says which other files have results there.
 * @throws RunnerError `already-shown`; as `ResultsFolder.read`
 */
export async function readResults(
  plan: Plan,
  file: string,
  args: Arguments,
): Promise<{ readonly results: ResultsFolder; readonly known: Known }> {
  const results = openResults(plan, args);
  const known = await results.read(plan, args.force);
  refuseEarlierLooks(plan, results, known);
  const others: string[] = [];
  for (const other of await results.findOtherFiles(file))
    if (await mayBeNamed(plan.name, other)) others.push(other);
  showSharedName(plan, file, others, args);
  return { results, known };
}

/** Whether a file still has the name that it was run under; one that cannot be loaded may. */
function mayBeNamed(name: string, file: string): Promise<boolean> {
  return loadSpec(file, [], datasetNames).then(
    (spec) => spec.name === name,
    () => true,
  );
}

/** A number of seeds is fixed only if it was fixed before some of them were looked at. */
function refuseEarlierLooks(plan: Plan, { journalPath: path }: ResultsFolder, { looks }: Known): void {
  if (plan.judging.stopping !== 'fixed') return;
  const look = findEarlierLook(plan, looks);
  if (!look) return;
  const [shown, seeds] = [look.seeds.length, plan.seeds.length];
  throw new RunnerError([{ kind: 'environment', reason: 'already-shown', path, shown, seeds, at: look.at }]);
}
