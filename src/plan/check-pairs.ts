import { isDeepStrictEqual } from 'node:util';
import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import { effectiveParams } from '../params/effective-params.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import type { SourcePath } from '../spec/source/source-tree.js';
import { describeCell, pathOfComparison, type Pair } from './compare-cells.js';
import { flatten } from './grid/assignment.js';
import type { ResolvedDraft, Resolver } from './grid/draft.js';

/** The guard against drift: compared cells differ in what `vary` lists and in nothing else. */
export function checkDrift(
  pairs: readonly Pair[],
  spec: ExperimentSpec,
  resolver: Resolver,
): PlacedFileProblem[] {
  const vary = spec.compare?.vary;
  if (!vary) return [];
  const problems = new Map<string, PlacedFileProblem>();
  for (const { cell, own, other } of pairs) {
    for (const { name, value, baselineValue } of listDifferences(own, other)) {
      if (vary.some((listed) => name === listed || name.startsWith(`${listed}.`))) continue;
      const paths = pathsOf(name, own, other, resolver);
      const path = paths.find((at) => at[0] !== 'params') ?? paths[0]!;
      const cause = JSON.stringify([name, path]);
      if (problems.has(cause)) continue;
      problems.set(cause, {
        kind: 'file',
        reason: 'drift',
        place: spec.placeOf(path),
        name,
        cell: describeCell(cell),
        value,
        baselineValue,
        vary,
      });
    }
  }
  return [...problems.values()];
}

/** Cells that are compared and train the same in effect: they differ in a setting that changes nothing in them. */
export function checkSameTraining(
  pairs: readonly Pair[],
  spec: ExperimentSpec,
  resolver: Resolver,
): PlacedFileProblem[] {
  return pairs.flatMap(({ cell, baseline, own, other }): PlacedFileProblem[] => {
    const [effect, otherEffect] = [effectiveParams(own.params), effectiveParams(other.params)];
    const because = [...effect.idle, ...otherEffect.idle].map((idle) => idle.because);
    if (because.length === 0 || !isDeepStrictEqual(effect.value, otherEffect.value)) return [];
    const paths = listDifferences(own, other).flatMap(({ name }) => pathsOf(name, own, other, resolver));
    const path = paths.find((at) => at[0] !== 'params');
    return [
      {
        kind: 'file',
        reason: 'same-training',
        place: path ? spec.placeOf(path) : spec.keyPlaceOf(pathOfComparison(spec)),
        cell: describeCell(cell),
        baseline: describeCell(baseline),
        because: [...new Set(because)],
      },
    ];
  });
}

/**
 * Where the file gives a parameter in which two drafts differ. Where the first has the default, the file gives the
 * other's value. Where both have defaults, those follow from another setting of the same owner: the learning rate from
 * the optimiser's name.
 */
function pathsOf(name: string, own: ResolvedDraft, other: ResolvedDraft, resolver: Resolver): SourcePath[] {
  return [name, name.split('.')[0]!].flatMap((given) =>
    [own, other].map((draft) => resolver.pathOf(draft, given)),
  );
}

/** The resolved parameters in which two drafts differ, by their dotted names; each value as text. */
function listDifferences(own: ResolvedDraft, other: ResolvedDraft) {
  const [values, baselineValues] = [parametersOf(own), parametersOf(other)];
  return [...new Set([...values.keys(), ...baselineValues.keys()])].flatMap((name) => {
    const [value, baselineValue] = [values.get(name), baselineValues.get(name)];
    if (value?.content === baselineValue?.content) return [];
    return [{ name, value: value?.text ?? 'nothing', baselineValue: baselineValue?.text ?? 'nothing' }];
  });
}

/** An augmentation set is distinguished by its content, and shown with its name. */
function parametersOf({ params, values }: ResolvedDraft) {
  return new Map(
    flatten(params, []).map(({ name, value }) => {
      const content = typeof value === 'string' ? value : JSON.stringify(value);
      const text = name === 'augmentation' ? `${String(values.augmentation)} ${content}` : content;
      return [name, { content, text }];
    }),
  );
}
