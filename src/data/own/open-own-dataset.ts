import { realpathSync, statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { count } from '../../diagnostics/count.js';
import type { Problem } from '../../diagnostics/problem.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { maximumPixels, type ImageDescription } from './describe-image.js';
import { describeFiles, type DescribedFile } from './manifest.js';
import { describeNotes } from './notes.js';
import { ownDataset, partNames, type OwnDataset, type OwnImage } from './own-dataset.js';
import type { OwnEntry } from './own-entry.js';
import { maximumCsvBytes, readCsv } from './read-csv.js';
import { readFolder, siblingsOf, type LabelledFile, type Listing } from './read-folder.js';
import { readIdx } from './read-idx.js';

/**
 * Reads a data set of the user's own, but for its pixels: which images there are, of which classes, in which parts.
 * @param onProgress files read, of those that are new or changed
 * @throws RunnerError with all that is wrong with it
 */
export async function openOwnDataset(
  entry: OwnEntry,
  onProgress: (done: number, total: number) => void,
): Promise<OwnDataset> {
  const place = findPlace(entry);
  if (entry.kind === 'idx') return openIdx(entry, place);
  const listing = entry.kind === 'folder' ? readFolder(entry, place) : readCsv(entry, place);
  if (listing.problems.length > 0) throw new RunnerError(listing.problems);
  const described = await describeFiles(
    place,
    listing.files.map(({ file }) => file),
    onProgress,
  );
  return assemble(entry, place, listing, described);
}

/** The real path of what an entry names. @throws RunnerError `data-path` */
function findPlace(entry: OwnEntry): string {
  const { kind, path, location } = entry;
  const expected = kind === 'csv' ? 'file' : 'folder';
  let found: Stats | null = null;
  try {
    found = statSync(location);
  } catch {
    // it is not there, or in a folder that cannot be looked into
  }
  const isRight = expected === 'file' ? found?.isFile() : found?.isDirectory();
  if (isRight && (kind !== 'csv' || found!.size <= maximumCsvBytes)) return realpathSync(location);
  const what =
    found === null ? null : found.isDirectory() ? 'a folder' : isRight ? 'larger than 100 MB' : 'a file';
  const problem = {
    kind: 'file',
    place: entry.placeOf(kind),
    reason: 'data-path',
    path,
    full: resolve(location),
    expected,
    found: what,
    siblings: siblingsOf(location).map(
      (name) => `${path.slice(0, path.replace(/\/+$/, '').lastIndexOf('/') + 1)}${name}`,
    ),
  } as const;
  throw new RunnerError([problem]);
}

function openIdx(entry: OwnEntry, folder: string): OwnDataset {
  const { images, channels, lowest, highest } = readIdx(entry, folder);
  const named = entry.classes?.length ?? null;
  const first = entry.firstLabel;
  const labels = new Set(partNames.flatMap((part) => images[part]?.map(({ label }) => label) ?? []));
  const classes = named ?? highest - first + 1;
  const gap = Array.from({ length: Math.max(0, classes) }, (_, label) => label).find(
    (label) => !labels.has(label),
  );
  if (lowest < first || highest - first >= classes || (named === null && gap !== undefined)) {
    const expected =
      named === null
        ? `${first} to ${first + highest - lowest}`
        : `${first} to ${first + named - 1}, as \`classes\` has ${named}`;
    const help =
      lowest > first
        ? `\`firstLabel: ${lowest}\` beside it shifts them`
        : gap !== undefined
          ? `there is no image of ${gap + first}`
          : 'add the names that are missing';
    const place = entry.placeOf(entry.kind);
    throw new RunnerError([
      { kind: 'file', place, reason: 'bad-labels', dataset: entry.name, lowest, highest, expected, help },
    ]);
  }
  const names = entry.classes ?? Array.from({ length: classes }, (_, label) => String(label + first));
  if (names.length < 2)
    throw new RunnerError([
      {
        kind: 'file',
        place: entry.placeOf(entry.kind),
        reason: 'one-class',
        path: entry.path,
        name: names[0] ?? '',
      },
    ]);
  if (entry.channels === 3 && channels === 1)
    throw new RunnerError([
      {
        kind: 'file',
        place: entry.placeOf('channels'),
        reason: 'channels-without-colour',
        dataset: entry.name,
      },
    ]);
  return ownDataset({
    name: entry.name,
    source: folder,
    classes: names,
    decoding: { channels: entry.channels ?? channels, background: entry.background },
    images,
    order: entry.order,
    skipped: [],
    notes: describeNotes({ classes: names, images, files: [], others: [], skipped: [] }),
  });
}

/** Of files that are described: the data set, or what is wrong with it. */
function assemble(
  entry: OwnEntry,
  place: string,
  listing: Listing,
  described: readonly DescribedFile[],
): OwnDataset {
  const { name: title } = entry;
  const problems: Problem[] = [];
  const usable: { file: LabelledFile; description: ImageDescription }[] = [];
  const bad: string[] = [];
  const foreign = new Map<string, string[]>();
  for (const [index, file] of listing.files.entries()) {
    const { description } = described[index]!;
    const {
      file: { name },
      verdict,
    } = described[index]!;
    const { foreignKind, problem, width, height } = description;
    if (foreignKind !== null) foreign.set(foreignKind, [...(foreign.get(foreignKind) ?? []), name]);
    const why = foreignKind === null ? (problem ?? verdict ?? null) : `${foreignKind} cannot be read`;
    const isTooLarge = width * height > maximumPixels;
    if (why !== null) bad.push(`\`${name}\`: ${why}`);
    else if (isTooLarge) {
      if (entry.skipsBadImages) bad.push(`\`${name}\`: it has ${width}×${height} pixels`);
      else problems.push({ kind: 'environment', reason: 'image-too-large', path: name, width, height });
    } else usable.push({ file, description });
  }
  if (!entry.skipsBadImages) {
    const kinds = [...foreign].map(
      ([kind, names]) =>
        `${kind} (${names.length}): ${names
          .slice(0, 3)
          .map((name) => `\`${name}\``)
          .join(', ')}${names.length > 3 ? ', …' : ''}`,
    );
    const images = [...foreign.values()].reduce((sum, names) => sum + names.length, 0);
    if (kinds.length > 0) problems.push({ kind: 'environment', reason: 'image-kind', title, kinds, images });
    const damaged = bad.filter((line) => !/`: \S.* cannot be read$/.test(line));
    if (damaged.length > 0)
      problems.push({
        kind: 'environment',
        reason: 'bad-images',
        title,
        total: listing.files.length,
        images: damaged,
      });
  }
  const present = new Map<string, Map<string, number>>();
  for (const { file } of usable) {
    const ofClass = present.get(file.className) ?? new Map<string, number>();
    present.set(file.className, ofClass.set(file.part, (ofClass.get(file.part) ?? 0) + 1));
  }
  const names = entry.classes ?? [...listing.folders.keys()].sort(byCodePoint);
  for (const [index, name] of (entry.classes ?? []).entries())
    if (!present.has(name) && !listing.folders.has(name))
      problems.push({
        kind: 'file',
        place: entry.placeOf('classes', index),
        reason: 'unknown-class',
        name,
        classes: [...listing.classes].sort(byCodePoint),
      });
  const empty = names.filter((name) => !present.has(name) && listing.folders.has(name));
  if (empty.length > 0) {
    const folders = empty.map(
      (name) =>
        `${(listing.folders.get(name) ?? []).map((path) => `\`${path}\``).join(' and ')}: ${describeRest(name, listing)}`,
    );
    problems.push({
      kind: 'environment',
      reason: 'class-without-images',
      title,
      folders,
      others: names.filter((name) => present.has(name)),
    });
  }
  const untrained = names.filter((name) => present.has(name) && !present.get(name)!.has('train'));
  if (untrained.length > 0) {
    const classes = untrained.map(
      (name) =>
        `\`${name}\`: no image in train, ${[...present.get(name)!].map(([part, images]) => `${images} in ${part}`).join(', ')}`,
    );
    problems.push({
      kind: 'environment',
      reason: 'class-only-validated',
      title,
      folder: entry.path,
      classes,
      trained: names.filter((name) => !untrained.includes(name) && present.has(name)),
    });
  }
  if (problems.length === 0 && names.length < 2)
    problems.push({
      kind: 'file',
      place: entry.placeOf(entry.kind),
      reason: 'one-class',
      path: entry.path,
      name: names[0] ?? '',
    });
  const isGrey = usable.every(({ description }) => description.traits.includes('g'));
  if (problems.length === 0 && entry.channels === 3 && isGrey)
    problems.push({
      kind: 'file',
      place: entry.placeOf('channels'),
      reason: 'channels-without-colour',
      dataset: title,
    });
  if (problems.length > 0) throw new RunnerError(problems);

  const labels = new Map(names.map((name, label) => [name, label]));
  const images = { train: [] as OwnImage[], val: [] as OwnImage[], test: [] as OwnImage[] };
  for (const { file, description } of usable) {
    const { sha256, orientation, width, height, traits } = description;
    const { name, path } = file.file;
    const isTurned = orientation >= 5;
    images[file.part].push({
      label: labels.get(file.className)!,
      sha256,
      group: file.group,
      name,
      width: isTurned ? height : width,
      height: isTurned ? width : height,
      from: { file: path, traits },
    });
  }
  const parts = {
    train: images.train,
    val: images.val.length > 0 ? images.val : null,
    test: images.test.length > 0 ? images.test : null,
  };
  return ownDataset({
    name: title,
    source: place,
    classes: names,
    decoding: { channels: entry.channels ?? (isGrey ? 1 : 3), background: entry.background },
    images: parts,
    order: entry.order,
    skipped: bad,
    notes: describeNotes({
      classes: names,
      images: parts,
      files: usable.map(({ description }) => description),
      others: listing.others,
      skipped: bad,
    }),
  });
}

function describeRest(className: string, { others, folders }: Listing): string {
  const own = others.filter((path) =>
    (folders.get(className) ?? []).some((folder) => path.startsWith(`${folder}/`)),
  );
  if (own.length === 0) return 'empty';
  const shown = own.slice(0, 3).map((path) => path.split('/').at(-1)!);
  return `${count(own.length, 'file')}, none an image: ${shown.join(', ')}${own.length > 3 ? ', …' : ''}`;
}

/** The same order on every machine. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
