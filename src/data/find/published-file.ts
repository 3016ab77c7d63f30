import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { count } from '../../diagnostics/count.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { corruptFile } from './corrupt-file.js';

/** A file as its publisher serves it. */
export interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What bytes and hash are of: the file itself, or what it holds unpacked, which all its publishers agree on. */
  readonly of: 'file' | 'content';
}

/**
 * Checks a file against its own hash.
 * @param title of the data set
 * @throws RunnerError `data-corrupt`
 */
export async function verifyPublishedFile(
  title: string,
  directory: string,
  { name, bytes, sha256 }: Pick<PublishedFile, 'name' | 'bytes' | 'sha256'>,
): Promise<void> {
  const path = join(directory, name);
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is not a regular file');
    if (found.size !== bytes) throw new Error(`it has ${count(found.size, 'byte')}, expected ${bytes}`);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
    const actual = hash.digest('hex');
    if (actual !== sha256) throw new Error(`it has the SHA-256 ${actual}, not ${sha256}`);
  } catch (error) {
    throw error instanceof RunnerError ? error : corruptFile(title, path, (error as Error).message);
  }
}
