import { stat } from 'node:fs/promises';
import { code } from '../diagnostics/wording.js';
import { UsageError, type Arguments } from './arguments.js';

/** What a command line names as a folder is one, or is not there yet. @throws UsageError */
export async function checkFolders({
  dataDir,
  weightsDir,
  resultsDir,
  tensorboard,
}: Arguments): Promise<void> {
  const folders = {
    '--data-dir': dataDir,
    '--weights-dir': weightsDir,
    '--results-dir': resultsDir,
    '--tensorboard': tensorboard,
  };
  for (const [option, path] of Object.entries(folders)) {
    if (path === undefined) continue;
    const isFile = await stat(path).then(
      (found) => !found.isDirectory(),
      (error: NodeJS.ErrnoException) => error.code === 'ENOTDIR',
    );
    if (isFile) throw new UsageError(`${option}: ${code(path)} is a file, not a folder`);
  }
}
