import { join } from 'node:path';
import type { Environment } from '../run/journal-record.js';
import { loadFolder } from '../system/load-folder.js';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import type { Report } from './analyse.js';
import type { Output } from './output.js';

/** Every output that there is: each a file in outputs/. */
export const outputs = await loadFolder<Output>(new URL('outputs/', import.meta.url));

/** Rebuilds every output of an experiment: a pure function of the report and the environment, so byte-identical. */
export async function writeResults(
  directory: string,
  report: Report,
  environment: Environment | null,
): Promise<void> {
  for (const { fileName, render } of outputs) {
    const content = render(report, environment);
    if (content !== null) await writeFileAtomically(join(directory, fileName), content);
  }
}
