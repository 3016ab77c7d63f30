import { RunnerError } from '../diagnostics/runner-error.js';
import { isStorageError } from '../system/storage-error.js';

/** @throws RunnerError `results-unreadable` where the disk refuses */
export function readingResults<T>(directory: string, read: () => Promise<T>): Promise<T> {
  return explaining('results-unreadable', directory, 2, read);
}

/**
 * @param exitCode of the program where the disk refuses: 1 once something has run
 * @throws RunnerError `results-unwritable` where the disk refuses
 */
export function writingResults<T>(directory: string, exitCode: 1 | 2, write: () => Promise<T>): Promise<T> {
  return explaining('results-unwritable', directory, exitCode, write);
}

/** Says what the disk's refusal means to the user. */
async function explaining<T>(
  reason: 'results-unreadable' | 'results-unwritable',
  directory: string,
  exitCode: 1 | 2,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    // A folder that somebody has removed meanwhile is missing.
    if (!isStorageError(error) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const { path = directory, message: cause } = error as NodeJS.ErrnoException;
    throw new RunnerError([{ kind: 'environment', reason, path, cause }], exitCode);
  }
}
