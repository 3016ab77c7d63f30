import { mkdir } from 'node:fs/promises';
import { RunnerError } from '../diagnostics/runner-error.js';
import type { Report } from '../report/analyse.js';
import type { Known } from '../run/results-folder.js';
import { describeFileError } from '../system/describe-file-error.js';
import type { Arguments } from './arguments.js';

/**
 * Writes TensorBoard's files of all trials that have ended, where the user asks for them.
 * @param exitCode of the program where the disk refuses: 1 once something has run
 * @throws RunnerError `not-written`
 */
export async function saveTensorboard(
  report: Report,
  { records }: Pick<Known, 'records'>,
  { tensorboard: directory }: Pick<Arguments, 'tensorboard'>,
  exitCode: 1 | 2,
): Promise<void> {
  if (directory === undefined) return;
  const { writeTensorboard } = await import('../report/tensorboard/write-tensorboard.js');
  try {
    await mkdir(directory, { recursive: true });
    await writeTensorboard(directory, report, records);
  } catch (error) {
    const { code, path = directory } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error; // not the file system's: an error of this program
    const cause = describeFileError(error);
    throw new RunnerError([{ kind: 'environment', reason: 'not-written', path, cause }], exitCode);
  }
}
