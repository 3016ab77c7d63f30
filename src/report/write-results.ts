import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../run/journal-record.js';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import type { Report } from './analyse.js';
import type { Output } from './output.js';

const folder = new URL('outputs/', import.meta.url);

/** The outputs that are in a folder: `output` of each of its modules, by name. */
export async function loadOutputs(from = folder): Promise<readonly Output[]> {
  const modules = readdirSync(from).filter((name) => /(?<!\.d)\.[jt]s$/.test(name)); // dist/ has .js.map too
  return Promise.all(
    modules.sort().map(async (name) => {
      const { output } = (await import(new URL(name, from).href)) as { readonly output: Output };
      return output;
    }),
  );
}

/** Rebuilds every output of an experiment: a pure function of the report and the environment, so byte-identical. */
export async function writeResults(
  directory: string,
  report: Report,
  environment: Environment | null,
): Promise<void> {
  for (const { fileName, render } of await loadOutputs()) {
    const content = render(report, environment);
    if (content !== null) await writeFileAtomically(join(directory, fileName), content);
  }
}
