import { lstat, readlink, realpath } from 'node:fs/promises';
import { RunnerError } from '../diagnostics/runner-error.js';
import { isWithin } from '../system/is-within.js';

/**
 * Refuses a path in the folder of results that is a link to elsewhere, or to nothing: it would be written, or removed,
 * there.
 * @throws RunnerError `results-outside`
 */
export async function checkResultsFolder(resultsDir: string, path: string): Promise<void> {
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (!isLink) return;
  const target = await realpath(path).catch(() => null);
  if (target !== null && isWithin(await realpath(resultsDir), target)) return;
  const folder = resultsDir;
  const reason = 'results-outside';
  throw new RunnerError([{ kind: 'environment', reason, path, folder, target: await readlink(path) }]);
}
