import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { portablePath } from '../../system/file-names.js';
import { isWithin } from '../../system/is-within.js';
import type { FoundFile } from './manifest.js';

/** Names that systems leave among people's files; those with a leading dot too. */
const ignoredNames = new Set(['__MACOSX', 'Thumbs.db', 'desktop.ini', '@eaDir', '#recycle', 'lost+found']);

/** By their names: JPEG, PNG, WebP, TIFF, AVIF, GIF, and kinds that are images and cannot be read. */
const imageName =
  /\.(jpe?g|jpe|jfif|png|webp|tiff?|avif|gif|bmp|dib|heic|heif|jp2|j2k|jpx|jxl|psd|svg|tga|ppm|pgm|pbm|ico)$/i;

export const isImageName = (name: string): boolean => imageName.test(name);

export const isIgnoredName = (name: string): boolean => name.startsWith('.') || ignoredNames.has(name);

/** Folders below a class at most. */
const deepest = 16;

export const maximumImages = 1_000_000;

export interface Found {
  readonly images: readonly FoundFile[];
  /** Names of files that are no images. */
  readonly others: readonly string[];
}

/** One level of a folder, by name; what systems leave there is not seen. Links are followed; one to nowhere is a file. */
export function listFolder(folder: string): { folders: string[]; images: string[]; others: string[] } {
  const [folders, images, others]: [string[], string[], string[]] = [[], [], []];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (isIgnoredName(name)) continue;
    const found = entry.isSymbolicLink() ? statsOf(join(folder, name)) : entry;
    if (found?.isDirectory()) folders.push(name);
    else if ((found === null || found.isFile()) && isImageName(name)) images.push(name);
    else others.push(name);
  }
  return { folders: folders.sort(), images: images.sort(), others: others.sort() };
}

/** What is at a path, links followed; null: nothing that can be reached. */
export function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/**
 * All images in a folder, at any depth.
 * @param root of the data set: names are as seen from it
 * @throws RunnerError `link-circle`, `too-many-images`
 */
export function findImages(root: string, folder: string, title: string): Found {
  const images: FoundFile[] = [];
  const others: string[] = [];
  const prefix = root.endsWith(sep) ? root.length : root.length + 1;
  const nameOf = (path: string): string => portablePath(path.slice(prefix));
  /** @param above the real paths of the folders on the way from the root */
  const walk = (directory: string, above: readonly string[], depth: number): void => {
    const isLink = lstatSync(directory).isSymbolicLink();
    const place = isLink ? realpathSync(directory) : join(above.at(-1)!, basename(directory));
    if (isLink && above.some((folder) => isWithin(place, folder))) {
      const [path, target] = [nameOf(directory), relative(root, place) || root];
      throw new RunnerError([{ kind: 'environment', reason: 'link-circle', path, target }]);
    }
    const level = listFolder(directory);
    for (const name of level.images) {
      const path = `${directory}/${name}`;
      images.push({ name: nameOf(path), path });
    }
    for (const name of level.others) others.push(nameOf(`${directory}/${name}`));
    if (images.length > maximumImages)
      throw new RunnerError([
        { kind: 'environment', reason: 'too-many-images', title, limit: maximumImages },
      ]);
    for (const name of level.folders)
      if (depth < deepest) walk(join(directory, name), [...above, place], depth + 1);
      else others.push(`${nameOf(`${directory}/${name}`)}/`);
  };
  const onTheWay = relative(root, dirname(folder)).split(sep).filter(Boolean);
  walk(folder, [root, ...onTheWay.map((_, at) => realpathSync(join(root, ...onTheWay.slice(0, at + 1))))], 0);
  return { images, others };
}
