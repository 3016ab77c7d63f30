import platformPath, { type PlatformPath } from 'node:path';

/**
 * Whether a path is a folder or lies in it, both absolute and without symbolic links.
 * @param path the system's own rules; `win32` knows drives, and that `\` separates and case does not count
 */
export function isWithin(
  folder: string,
  place: string,
  path: Pick<PlatformPath, 'relative' | 'isAbsolute' | 'sep'> = platformPath,
): boolean {
  const way = path.relative(folder, place);
  // Between two drives there is no relative way: the answer is absolute.
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
