import type { FileProblem } from '../diagnostics/file-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { shownPath } from '../system/descriptor-path.js';
import { applyOverrides } from './apply-overrides.js';
import { checkReferences } from './check-references.js';
import { checkSchema } from './schema/check-schema.js';
import type { ExperimentFile, ExperimentSpec } from './experiment-spec.js';
import { expandRanges } from './expand-ranges.js';
import { parseSource } from './source/parse-source.js';
import { readExperiment, type ReadExperiment } from './source/read-experiment.js';
import { isInside, onePerCause, sortProblems, sourceOf } from './sort-problems.js';
import { checkDatasets, checkUsedDatasets, listDatasetUses, resolveDatasets } from './dataset-entries.js';
import { keyPlaceOf, placeOf, toValue } from './source/source-tree.js';

/**
 * Reads an experiment file and those it extends, lays `--set` overrides (`params.epochs=2`) over it and checks
 * the whole.
 * @param knownDatasets names of data sets that need no entry
 * @throws RunnerError with every problem found, in the order of the file; only a file that cannot be found or
 *   parsed ends the search early.
 */
export async function loadSpec(
  path: string,
  overrides: readonly string[],
  knownDatasets: readonly string[] = [],
): Promise<ExperimentSpec> {
  return checkSpec(await readExperiment(path), path, overrides, knownDatasets);
}

/**
 * As `loadSpec`, of a text that is not written yet and extends nothing.
 * @param path where it is going to be
 */
export function parseSpec(text: string, path: string, knownDatasets: readonly string[]): ExperimentSpec {
  const { tree, problems } = parseSource({ path, text, offset: 0 });
  const files = [{ path, identity: null, text }];
  return checkSpec({ tree: tree?.kind === 'map' ? tree : null, problems, files }, path, [], knownDatasets);
}

function checkSpec(
  read: ReadExperiment,
  path: string,
  overrides: readonly string[],
  knownDatasets: readonly string[],
): ExperimentSpec {
  const sources = [
    ...read.files.map((file) => file.path),
    ...overrides.map((text) => sourceOf({ path: '--set', text })),
  ];
  const fail = (problems: readonly FileProblem[]) =>
    new RunnerError(sortProblems(onePerCause(problems), sources));
  if (!read.tree) throw fail(read.problems);
  const overridden = applyOverrides(read.tree, overrides);
  const { tree, problems } = expandRanges(overridden.tree);
  const all = [
    ...read.problems,
    ...overridden.problems,
    ...problems,
    ...checkSchema(tree).filter((problem) => !isInside(problem, problems)),
    ...checkReferences(tree),
    ...checkDatasets(tree, knownDatasets),
    ...checkUsedDatasets(tree, knownDatasets),
  ];
  if (all.length > 0) throw fail(all);
  const experiment = toValue(tree) as ExperimentFile;
  return {
    ...experiment,
    experiment,
    ownDatasets: resolveDatasets(tree),
    usedDatasets: [...new Set(listDatasetUses(tree).map(({ name }) => name))],
    file: shownPath(path),
    files: read.files,
    sources,
    placeOf: (at) => placeOf(tree, at),
    keyPlaceOf: (at) => keyPlaceOf(tree, at),
  };
}
