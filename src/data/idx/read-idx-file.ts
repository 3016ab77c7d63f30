import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { count } from '../../diagnostics/count.js';
import { readWholeFile } from '../../system/read-whole-file.js';
import { corruptFile } from '../find/corrupt-file.js';
import { idxSize } from './idx.js';

const gunzipAsync = promisify(gunzip);

/** A file, or what it unpacks to. */
export interface ReadFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a file of a data set, gzipped where its name ends with `.gz`, or where there is no plain one. Refused before it is
 * read, or unpacked, beyond the size that it has with this shape: a gzip file may hold a thousand times its own.
 * @param title of the data set
 * @throws RunnerError `data-corrupt`
 */
export async function readIdxFile(
  title: string,
  directory: string,
  name: string,
  shape: readonly number[],
): Promise<ReadFile> {
  const named = join(directory, name);
  const path = name.endsWith('.gz') || existsSync(named) ? named : `${named}.gz`;
  const size = idxSize(shape);
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new Error('it is not a regular file');
    if (found.size > 2 * size)
      throw new Error(`it has ${count(found.size, 'byte')}, expected ${size} unpacked`);
    const content = await readWholeFile(path);
    if (!path.endsWith('.gz')) return { path, bytes: content };
    return { path, bytes: await gunzipAsync(content, { maxOutputLength: size }) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isLonger = code === 'ERR_BUFFER_TOO_LARGE';
    throw corruptFile(title, path, isLonger ? `it unpacks to more than ${count(size, 'byte')}` : message);
  }
}
