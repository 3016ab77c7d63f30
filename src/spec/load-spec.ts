import { placeKey } from '../diagnostics/code-frame.js';
import type { FileProblem } from '../diagnostics/file-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { applyOverrides } from './apply-overrides.js';
import { checkReferences } from './check-references.js';
import { checkSchema } from './check-schema.js';
import type { ExperimentFile, ExperimentSpec } from './experiment-spec.js';
import { readExperiment } from './read-experiment.js';
import { keyPlaceOf, placeOf, toValue } from './source-tree.js';

/**
 * Reads an experiment file and those it extends, lays `--set` overrides (`params.epochs=2`) over it and checks
 * the whole.
 * @throws RunnerError with every problem found, in the order of the file; only a file that cannot be parsed or
 *   found ends the search early.
 */
export async function loadSpec(path: string, overrides: readonly string[]): Promise<ExperimentSpec> {
  const read = await readExperiment(path);
  const failIfAny = (problems: readonly FileProblem[]) => {
    if (problems.length > 0) throw new RunnerError(sortProblems(onePerCause(problems), read.files));
  };
  if (!read.tree) failIfAny(read.problems);
  const { tree, problems } = applyOverrides(read.tree!, overrides);
  failIfAny([...read.problems, ...problems, ...checkSchema(tree), ...checkReferences(tree)]);
  return {
    ...(toValue(tree) as ExperimentFile),
    file: path,
    placeOf: (at) => placeOf(tree, at),
    keyPlaceOf: (at) => keyPlaceOf(tree, at),
  };
}

/** The first problem at a place; the others follow from it. Fields that are missing share one place. */
function onePerCause(problems: readonly FileProblem[]): FileProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    if (!('place' in problem) || problem.place === null) return true;
    const missing = problem.reason === 'missing-field' ? problem.field : '';
    const key = `${placeKey(problem.place)} ${missing}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** File by file, then by place; `--set` last. */
function sortProblems(problems: readonly FileProblem[], files: readonly string[]): FileProblem[] {
  const orderOf = (problem: FileProblem): [number, number] => {
    if (!('place' in problem) || problem.place === null) return [-1, 0];
    const file = files.indexOf(problem.place.path);
    return [file === -1 ? files.length : file, problem.place.start];
  };
  return problems
    .map((problem) => ({ problem, order: orderOf(problem) }))
    .sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1])
    .map(({ problem }) => problem);
}
