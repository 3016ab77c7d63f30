import type { PlacedFileProblem } from '../diagnostics/file-problem.js';
import { effectiveParams, offValues } from '../params/effective-params.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { describePath } from '../spec/source/source-path.js';
import type { SourcePath } from '../spec/source/source-tree.js';
import { valueAt } from './grid/assignment.js';
import type { ResolvedDraft, Resolver } from './grid/draft.js';

/** A setting of a draft: its name for people, and where the file gives it. */
interface Setting {
  readonly name: string;
  readonly path: SourcePath;
}

/** A setting that does nothing in a draft; `because` is null where the draft does not have it. */
interface Unused {
  readonly path: SourcePath;
  readonly because: string | null;
}

/**
 * Settings that the file gives and that change nothing in any cell: a momentum where no optimiser is sgd, a patience
 * as long as the training. One that does something in some cells is right.
 */
export function checkUnusedSettings(
  drafts: readonly ResolvedDraft[],
  resolver: Resolver,
  spec: ExperimentSpec,
): PlacedFileProblem[] {
  const unused = new Map<string, Unused>();
  const used = new Set<string>();
  for (const draft of drafts) {
    const given = new Map(listGiven(draft, resolver).map((setting) => [setting.name, setting]));
    for (const { settings, because } of effectiveParams(draft.params).idle) {
      const concerned = settings.map((path) => nameOf(path, draft)).filter((name) => given.has(name));
      const [fault] = concerned;
      if (fault !== undefined && typeof unused.get(fault)?.because !== 'string')
        unused.set(fault, { path: given.get(fault)!.path, because });
      for (const name of concerned) given.delete(name);
    }
    for (const { name, path } of given.values()) {
      const value = name.startsWith('augmentations.') ? null : valueAt(draft.values, name);
      if (value !== undefined && value !== offValues[name]) used.add(name);
      if (value === undefined && !unused.has(name)) unused.set(name, { path, because: null });
    }
  }
  return [...unused]
    .filter(([name]) => !used.has(name))
    .map(([setting, { path, because }]) => {
      // Of an axis, not of its value.
      const place = spec.keyPlaceOf(typeof path.at(-1) === 'number' ? path.slice(0, -1) : path);
      const cause = because === null ? lackOf(setting, drafts) : ({ kind: 'idle', because } as const);
      return { kind: 'file', reason: 'unused-setting', place, setting, cause };
    });
}

/** The settings that the file gives a draft, those of its augmentations among them. */
function listGiven(draft: ResolvedDraft, resolver: Resolver): Setting[] {
  const dotted = resolver.givenSettings(draft).map((name) => ({ name, path: resolver.pathOf(draft, name) }));
  const ofSet = draft.params.augmentation.flatMap((augmentation, index) =>
    Object.keys(augmentation).map((setting) => {
      const path = pathInSet(draft, index, setting);
      return { name: describePath(path), path };
    }),
  );
  return [...dotted, ...ofSet];
}

/** The name of a setting by its path in the parameters: an augmentation's is in a set of the file. */
function nameOf([owner, ...rest]: readonly (string | number)[], draft: ResolvedDraft): string {
  if (owner !== 'augmentation') return [owner, ...rest].join('.');
  const [index, setting] = rest as [number, string];
  return describePath(pathInSet(draft, index, setting));
}

function pathInSet({ values, params }: ResolvedDraft, index: number, setting: string): SourcePath {
  return ['augmentations', String(values.augmentation), index, params.augmentation[index]!.name, setting];
}

/** `optimizer.momentum` in no cell: the optimisers that there are. */
function lackOf(setting: string, drafts: readonly ResolvedDraft[]) {
  const owner = setting.slice(0, setting.lastIndexOf('.'));
  const names = new Set(drafts.map(({ values }) => String(valueAt(values, `${owner}.name`))));
  return { kind: 'absent', owner, names: [...names] } as const;
}
