import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { count } from '../../diagnostics/count.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';

export interface FileRecord {
  /** Absolute, or relative to the folder of the manifest. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  /** Null for files that are not ours to vouch for: a library that the user gave. */
  readonly sha256: string | null;
}

const fileName = 'manifest.json';

/** Reads the manifest of a folder; null where there is none, or none that can be read. */
export async function readManifest<T extends object>(folder: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(join(folder, fileName), 'utf8')) as T;
  } catch {
    return null;
  }
}

export async function writeManifest(folder: string, manifest: object): Promise<void> {
  await writeFileAtomically(join(folder, fileName), `${JSON.stringify(manifest, null, 2)}\n`);
}

export async function recordFile(folder: string, path: string, sha256: string | null): Promise<FileRecord> {
  const { size, mtimeMs } = await stat(resolveIn(folder, path));
  return { path, bytes: size, mtimeMs: Math.trunc(mtimeMs), sha256 };
}

/**
 * What is wrong with a folder's files, or null. By size and time of change, which takes no time; with
 * `hashes` also by content, which reads all of them.
 */
export async function findDamage(
  folder: string,
  files: readonly FileRecord[],
  { hashes }: { hashes: boolean },
): Promise<string | null> {
  for (const { path, bytes, mtimeMs, sha256 } of files) {
    const full = resolveIn(folder, path);
    const found = await stat(full).catch(() => null);
    if (found === null) return `${full} is missing`;
    if (found.size !== bytes) return `${full} has ${count(found.size, 'byte')}, expected ${bytes}`;
    if (Math.trunc(found.mtimeMs) !== mtimeMs) return `${full} was changed after it was prepared`;
    if (hashes && sha256 !== null) {
      const actual = await hashFile(full);
      if (actual !== sha256) return `${full} has the SHA-256 ${actual}, expected ${sha256}`;
    }
  }
  return null;
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function resolveIn(folder: string, path: string): string {
  return path.startsWith('/') ? path : join(folder, path);
}
