import { join, isAbsolute } from 'node:path';
import type { FileProblem } from '../diagnostics/file-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { checkSchema } from './schema/check-schema.js';
import type { MachineProfile } from './machine-profile.js';
import { sortProblems } from './sort-problems.js';
import { parseSource } from './source/parse-source.js';
import { readTextFile } from './source/read-text-file.js';
import { toValue } from './source/source-tree.js';

/** The user's machine profiles, which are no part of an experiment. A relative XDG_CONFIG_HOME is ignored, as its specification demands. */
export function machinesPath(environment: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const { XDG_CONFIG_HOME: config, HOME: home = environment.USERPROFILE ?? '' } = environment;
  const folder = config && isAbsolute(config) ? config : join(home, '.config');
  return join(folder, 'classifier-sweep-runner', 'machines.yaml');
}

/**
 * The machines of a file, by their names; none where there is no file.
 * @throws RunnerError with every problem of the file
 */
export async function loadMachines(path: string): Promise<ReadonlyMap<string, MachineProfile>> {
  const read = await readTextFile(path, false).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    return { detail: error.message };
  });
  if (read === null) return new Map();
  if ('detail' in read)
    throw new RunnerError([{ kind: 'file', reason: 'file-unreadable', path, place: null, ...read }]);
  const { tree, problems } = parseSource({ path, text: read.text, offset: 0 });
  const all: readonly FileProblem[] = tree ? [...problems, ...checkSchema(tree, 'machines')] : problems;
  if (all.length > 0 || !tree) throw new RunnerError(sortProblems(all, [path]));
  return new Map(Object.entries(toValue(tree) as Record<string, MachineProfile>));
}
