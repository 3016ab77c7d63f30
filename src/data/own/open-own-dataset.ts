import { realpathSync, statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { byCodePoint, checkClassCount, checkClasses, noteCaseTwins, sortFiles } from './check-files.js';
import type { ImageDescription } from './describe-image.js';
import { describeFiles, manifestPath, type DescribedFile } from './manifest.js';
import { describeNotes } from './notes.js';
import { ownDataset, type OwnDataset, type OwnImage } from './own-dataset.js';
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
  const names = entry.classes ?? [...listing.folders.keys()].sort(byCodePoint);
  const problems = [...listing.problems, ...checkClassCount(entry, names)];
  if (problems.length > 0) throw new RunnerError(problems);
  const manifest = manifestPath(place, entry);
  const described = await describeFiles(
    manifest,
    listing.files.map(({ file }) => file),
    onProgress,
  );
  return assemble(entry, { place, manifest, names }, listing, described);
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
  const first = entry.firstLabel;
  const classes = entry.classes?.length ?? highest - first + 1;
  const wrong = explainLabels(entry, { lowest, highest, classes }, images.train!);
  if (wrong) {
    const at = { kind: 'file', place: entry.placeOf(entry.kind), dataset: entry.name } as const;
    throw new RunnerError([{ ...at, reason: 'bad-labels', lowest, highest, ...wrong }]);
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
    manifest: null,
    classes: names,
    decoding: { channels: entry.channels ?? channels, background: entry.background },
    images,
    order: entry.order,
    skipped: [],
    isVerified: true,
    skipsBadImages: false,
    notes: describeNotes({ classes: names, images, files: [], others: [], skipped: [] }),
  });
}

/** What labels must be, and how to mend them; null where they are right: each class has an image to train on. */
function explainLabels(
  { classes: names, firstLabel: first }: OwnEntry,
  {
    lowest,
    highest,
    classes,
  }: { readonly lowest: number; readonly highest: number; readonly classes: number },
  train: readonly OwnImage[],
): { readonly expected: string; readonly help: string } | null {
  const trained = new Set(train.map(({ label }) => label));
  const gap = Array.from({ length: Math.max(0, classes) }, (_, label) => label).find(
    (label) => !trained.has(label),
  );
  const isWithin = lowest >= first && highest - first < classes;
  if (isWithin && gap === undefined) return null;
  const last = first + (names === null ? highest - lowest : classes - 1);
  const reason = names === null ? '' : `, as \`classes\` has ${classes}`;
  if (lowest > first && highest - lowest < classes)
    return {
      expected: `${first} to ${last}${reason}`,
      help: `\`firstLabel: ${lowest}\` beside it shifts them`,
    };
  if (!isWithin) {
    const help =
      lowest < first ? `\`firstLabel: ${lowest}\` is their first` : 'add the names that are missing';
    return { expected: `${first} to ${last}${reason}`, help };
  }
  const expected = `all of ${first} to ${last}${reason}`;
  return { expected, help: `there is no training image of ${gap! + first}` };
}

/** Of files that are described: the data set, or what is wrong with it. */
function assemble(
  entry: OwnEntry,
  {
    place,
    manifest,
    names,
  }: { readonly place: string; readonly manifest: string; readonly names: readonly string[] },
  listing: Listing,
  described: readonly DescribedFile[],
): OwnDataset {
  const { usable, bad, problems } = sortFiles(entry, listing, described);
  problems.push(
    ...checkClasses(
      entry,
      listing,
      names,
      // Damaged ones that may not be left out are told of as such, not as missing.
      entry.skipsBadImages ? usable.map(({ file }) => file) : listing.files,
    ),
  );
  const isGrey = usable.every(({ description }) => description.traits.includes('g'));
  if (problems.length === 0 && entry.channels === 3 && isGrey) {
    const at = { kind: 'file', place: entry.placeOf('channels') } as const;
    problems.push({ ...at, reason: 'channels-without-colour', dataset: entry.name });
  }
  if (problems.length > 0) throw new RunnerError(problems);

  const labels = new Map(names.map((name, label) => [name, label]));
  const images = { train: [] as OwnImage[], val: [] as OwnImage[], test: [] as OwnImage[] };
  for (const { file, description } of usable)
    images[file.part].push(toImage(file, description, labels.get(file.className)!));
  const parts = {
    train: images.train,
    val: images.val.length > 0 ? images.val : null,
    test: images.test.length > 0 ? images.test : null,
  };
  return ownDataset({
    name: entry.name,
    source: place,
    manifest,
    classes: names,
    decoding: { channels: entry.channels ?? (isGrey ? 1 : 3), background: entry.background },
    images: parts,
    order: entry.order,
    skipped: bad,
    isVerified: described.every(
      ({ verdict, description }) => verdict !== undefined || description.problem !== null,
    ),
    skipsBadImages: entry.skipsBadImages,
    notes: [
      ...describeNotes({
        classes: names,
        images: parts,
        files: usable.map(({ description }) => description),
        others: listing.others,
        skipped: bad,
      }),
      ...noteCaseTwins(entry, names),
    ],
  });
}

function toImage({ file, group }: LabelledFile, description: ImageDescription, label: number): OwnImage {
  const { sha256, orientation, width, height, traits } = description;
  const isTurned = orientation >= 5;
  return {
    label,
    sha256,
    group,
    name: file.name,
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    from: { file: file.path, traits },
  };
}
