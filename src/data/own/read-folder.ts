import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { count } from '../../diagnostics/count.js';
import type { Problem } from '../../diagnostics/problem.js';
import { portablePath } from '../../system/file-names.js';
import type { OwnEntry } from './own-entry.js';
import { findImages, listFolder } from './find-images.js';
import type { FoundFile } from './manifest.js';
import type { PartName } from './own-dataset.js';

/** A file with its class and part. */
export interface LabelledFile {
  readonly file: FoundFile;
  readonly className: string;
  readonly part: PartName;
  readonly group: string | null;
}

/** What a data set says of its files before these are read. */
export interface Listing {
  readonly files: readonly LabelledFile[];
  /** Names of all classes, those that are left out too. */
  readonly classes: ReadonlySet<string>;
  /** Names of classes that have a folder, with files or without. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** Files that are no images. */
  readonly others: readonly string[];
  /** The parts that there are. */
  readonly parts: readonly PartName[];
  readonly problems: readonly Problem[];
}

const partsByName: Readonly<Record<string, PartName>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  test: 'test',
  testing: 'test',
};

export const partNamed = (name: string): PartName | null =>
  Object.hasOwn(partsByName, name.toLowerCase()) ? partsByName[name.toLowerCase()]! : null;

/**
 * Reads `folder`: a folder for each class, or for each part with one for each class in it. An image at any depth below a
 * class is of that class.
 */
export function readFolder(entry: OwnEntry, root: string): Listing {
  const { path: shown } = entry;
  const top = listFolder(root);
  const place = entry.placeOf(entry.kind);
  const refuse = (problem: Problem): Listing => ({
    files: [],
    classes: new Set(),
    folders: new Map(),
    others: [],
    parts: [],
    problems: [problem],
  });
  if (top.folders.length === 0)
    return refuse({ kind: 'file', place, reason: 'no-classes', path: shown, images: top.images.length });
  const splits = top.folders.filter((name) => partNamed(name) !== null);
  const layout = entry.layout ?? findLayout(root, top.folders, splits);
  if (typeof layout !== 'string') {
    const readings = [`as classes: ${top.folders.join(', ')}`, `as splits: ${splits.join(', ')}`];
    return refuse({ kind: 'file', place, reason: 'ambiguous-layout', path: shown, readings, ...layout });
  }
  const branches: readonly (readonly [part: PartName, folder: string])[] =
    layout === 'classes' ? [['train', root]] : splits.map((name) => [partNamed(name)!, join(root, name)]);
  if (!branches.some(([part]) => part === 'train')) {
    const full = join(root, 'train');
    const path = join(shown, 'train');
    return refuse({
      kind: 'file',
      place,
      reason: 'data-path',
      path,
      full,
      expected: 'folder',
      found: null,
      siblings: [],
    });
  }
  const files: LabelledFile[] = [];
  const classes = new Set<string>();
  const folders = new Map<string, string[]>();
  const others = layout === 'classes' ? [] : [...top.others];
  const unlabelled = layout === 'classes' ? [] : [...top.images];
  for (const [part, folder] of branches) {
    const level = layout === 'classes' ? top : listFolder(folder);
    const within = (name: string) => portablePath(relative(root, join(folder, name)));
    unlabelled.push(...level.images.map(within));
    others.push(...level.others.map(within));
    for (const name of level.folders) {
      const className = name.normalize('NFC');
      classes.add(className);
      if (entry.classes && !entry.classes.includes(className)) continue;
      const found = findImages(root, join(folder, name), entry.name);
      folders.set(className, [...(folders.get(className) ?? []), within(name)]);
      for (const file of found.images) files.push({ file, className, part, group: null });
      others.push(...found.others);
    }
  }
  const problems: Problem[] =
    unlabelled.length === 0
      ? []
      : [{ kind: 'environment', reason: 'unlabelled-images', title: entry.name, images: unlabelled.sort() }];
  const parts = [...new Set(branches.map(([part]) => part))];
  return {
    files,
    classes,
    folders,
    others,
    parts,
    problems: [...problems, ...findTwins(entry.name, [...folders.keys()], folders)],
  };
}

/** Why neither layout is certain; or the one that is. */
function findLayout(
  root: string,
  folders: readonly string[],
  splits: readonly string[],
): 'classes' | 'splits' | { readonly because: string } {
  if (splits.length === 0) return 'classes';
  const levels = splits.map((name) => listFolder(join(root, name)));
  const holdFolders = levels.filter((level) => level.folders.length > 0).length;
  const holdImages = levels.filter((level) => level.images.length > 0).length;
  const names = splits.map((name) => `\`${name}\``).join(' and ');
  if (holdFolders === 0) return 'classes';
  if (holdImages > 0) return { because: `${names} hold images and folders` };
  if (splits.length < folders.length) {
    const beside = folders.find((name) => !splits.includes(name))!;
    return { because: `\`${beside}\` stands beside ${names}` };
  }
  return 'splits';
}

/** Class names that are one folder on some systems and two on others. */
function findTwins(
  title: string,
  names: readonly string[],
  folders: ReadonlyMap<string, readonly string[]>,
): Problem[] {
  const pairs: string[] = [];
  const seen = new Map<string, string>();
  for (const name of [...names].sort()) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) pairs.push(`\`${other}\` and \`${name}\``);
    seen.set(name.toLowerCase(), name);
    const spellings = new Set((folders.get(name) ?? []).map((path) => basename(path)));
    const ofOnePlace = (folders.get(name) ?? []).map((path) => dirname(path));
    if (spellings.size > 1 && new Set(ofOnePlace).size < ofOnePlace.length)
      pairs.push(
        `\`${name}\`, written in ${count(spellings.size, 'way')}: ${[...spellings].map(codePoints).join(' and ')}`,
      );
  }
  return pairs.length === 0 ? [] : [{ kind: 'environment', reason: 'class-names-collide', title, pairs }];
}

const codePoints = (text: string): string =>
  [...text]
    .filter((character) => character > '\x7f')
    .map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ');

/** Names in a folder that may have been meant. */
export function siblingsOf(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}
