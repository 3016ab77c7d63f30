import { RunnerError } from '../../diagnostics/runner-error.js';

/** @param title of the data set whose file it should be */
export function corruptFile(title: string, path: string, detail: string): RunnerError {
  return new RunnerError([{ kind: 'environment', reason: 'data-corrupt', title, path, detail }]);
}
