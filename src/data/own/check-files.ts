import { count } from '../../diagnostics/count.js';
import type { Problem } from '../../diagnostics/problem.js';
import { maximumPixels, type ImageDescription } from './describe-image.js';
import type { DescribedFile } from './manifest.js';
import type { OwnEntry } from './own-entry.js';
import type { LabelledFile, Listing } from './read-folder.js';

export interface SortedFiles {
  readonly usable: { readonly file: LabelledFile; readonly description: ImageDescription }[];
  /** Those that cannot be read, with why. */
  readonly bad: string[];
  /** Where they may not be left out. */
  readonly problems: Problem[];
}

/** Which files can be read, as far as it is known. */
export function sortFiles(
  entry: OwnEntry,
  listing: Listing,
  described: readonly DescribedFile[],
): SortedFiles {
  const { name: title, skipsBadImages } = entry;
  const usable: SortedFiles['usable'] = [];
  const problems: Problem[] = [];
  const damaged: string[] = [];
  const foreign = new Map<string, string[]>();
  for (const [index, file] of listing.files.entries()) {
    const { description, verdict } = described[index]!;
    const { foreignKind, problem, width, height } = description;
    const { name } = file.file;
    const why = problem ?? verdict ?? null;
    if (foreignKind !== null) foreign.set(foreignKind, [...(foreign.get(foreignKind) ?? []), name]);
    else if (why !== null) damaged.push(`\`${name}\`: ${why}`);
    else if (width * height <= maximumPixels) usable.push({ file, description });
    else if (skipsBadImages) damaged.push(`\`${name}\`: it has ${width}×${height} pixels`);
    else problems.push({ kind: 'environment', reason: 'image-too-large', path: name, width, height });
  }
  const ofForeign = [...foreign].flatMap(([kind, names]) =>
    names.map((name) => `\`${name}\`: ${kind} cannot be read`),
  );
  const bad = [...damaged, ...ofForeign];
  if (skipsBadImages) return { usable, bad, problems };
  const kinds = [...foreign].map(([kind, names]) => `${kind} (${names.length}): ${listNames(names)}`);
  if (kinds.length > 0)
    problems.push({ kind: 'environment', reason: 'image-kind', title, kinds, images: ofForeign.length });
  if (damaged.length > 0) {
    const total = listing.files.length;
    problems.push({ kind: 'environment', reason: 'bad-images', title, total, images: damaged });
  }
  return { usable, bad, problems };
}

const listNames = (names: readonly string[]): string =>
  `${names
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(', ')}${names.length > 3 ? ', …' : ''}`;

/** Labels are numbers of two bytes. */
export const maximumClasses = 2 ** 16;

/** @param names of all classes that count */
export function checkClassCount({ name: title }: OwnEntry, names: readonly string[]): Problem[] {
  const [classes, limit] = [names.length, maximumClasses];
  return classes > limit ? [{ kind: 'environment', reason: 'too-many-classes', title, classes, limit }] : [];
}

/**
 * Classes of a list that differ in upper and lower case only, where the entry does not name them: `a` and `A` may be two
 * letters, or one class in two spellings. In folders they are refused.
 */
export function noteCaseTwins({ classes }: OwnEntry, names: readonly string[]): string[] {
  if (classes !== null) return [];
  const bySpelling = new Map<string, string[]>();
  for (const name of names) {
    const key = name.toLowerCase();
    bySpelling.set(key, [...(bySpelling.get(key) ?? []), name]);
  }
  const twins = [...bySpelling.values()].filter((same) => same.length > 1);
  if (twins.length === 0) return [];
  const shown = twins.slice(0, 3).map((same) => same.join(' and '));
  return [`classes that differ in case only: ${shown.join(', ')}${twins.length > 3 ? ', …' : ''}`];
}

/** Whether each class has images to train on. @param files that count */
export function checkClasses(
  entry: OwnEntry,
  listing: Listing,
  names: readonly string[],
  files: readonly LabelledFile[],
): Problem[] {
  const { name: title } = entry;
  const present = new Map<string, Map<string, number>>();
  for (const { className, part } of files) {
    const ofClass = present.get(className) ?? new Map<string, number>();
    present.set(className, ofClass.set(part, (ofClass.get(part) ?? 0) + 1));
  }
  const problems: Problem[] = (entry.classes ?? []).flatMap((name, index): Problem[] =>
    present.has(name) || listing.folders.has(name)
      ? []
      : [
          {
            kind: 'file',
            place: entry.placeOf('classes', index),
            reason: 'unknown-class',
            name,
            classes: [...listing.classes].sort(byCodePoint),
          },
        ],
  );
  const others = names.filter((name) => present.has(name));
  const empty = names.filter((name) => !present.has(name) && listing.folders.has(name));
  if (empty.length > 0) {
    const folders = empty.map((name) => {
      const paths = (listing.folders.get(name) ?? []).map((path) => `\`${path}\``);
      return `${paths.join(' and ')}: ${describeRest(name, listing)}`;
    });
    problems.push({ kind: 'environment', reason: 'class-without-images', title, folders, others });
  }
  const untrained = others.filter((name) => !present.get(name)!.has('train'));
  if (untrained.length > 0) {
    const classes = untrained.map((name) => {
      const there = [...present.get(name)!].map(([part, images]) => `${images} in ${part}`);
      return `\`${name}\`: no image in train, ${there.join(', ')}`;
    });
    const trained = others.filter((name) => !untrained.includes(name));
    problems.push({
      kind: 'environment',
      reason: 'class-only-validated',
      title,
      folder: entry.path,
      classes,
      trained,
    });
  }
  if (problems.length === 0 && names.length < 2) {
    const at = { kind: 'file', place: entry.placeOf(entry.kind) } as const;
    problems.push({ ...at, reason: 'one-class', path: entry.path, name: names[0] ?? '' });
  }
  return problems;
}

function describeRest(className: string, { files, others, folders }: Listing): string {
  const images = files.filter((file) => file.className === className).length;
  if (images > 0) return `${count(images, 'image')}, none that can be read`;
  const own = others.filter((path) =>
    (folders.get(className) ?? []).some((folder) => path.startsWith(`${folder}/`)),
  );
  if (own.length === 0) return 'empty';
  const shown = own.slice(0, 3).map((path) => path.split('/').at(-1)!);
  return `${count(own.length, 'file')}, none an image: ${shown.join(', ')}${own.length > 3 ? ', …' : ''}`;
}

/** The same order on every machine. */
export const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
