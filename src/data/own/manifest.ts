/**
 * The manifest of a data set's files: what is known of their content, by size, times and inode. A file for which these are
 * equal is not read again. A time may be equal although the content changed, where the clock of the file system is coarse
 * and the change came within its tick: such a file is read again, as git does with what it calls racy entries.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../system/cache-directory.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import { canonicalJson } from '../../spec/canonical-json.js';
import { describeImage, type ImageDescription } from './describe-image.js';
import type { OwnEntry } from './own-entry.js';

/** A file that is an image by its name. */
export interface FoundFile {
  /** Within the data set. */
  readonly name: string;
  readonly path: string;
}

export interface DescribedFile {
  readonly file: FoundFile;
  readonly description: ImageDescription;
  /** Why it cannot be decoded; null where it was, undefined where that was not tried. */
  readonly verdict: string | null | undefined;
}

/** One file, in an array: a manifest is read at every plan. */
type Row = readonly [
  name: string,
  size: number,
  /** Milliseconds; 0 where the file was young when it was read. */
  modified: number,
  changed: number,
  inode: number,
  sha256: string,
  problem: string | null,
  foreignKind: string | null,
  width: number,
  height: number,
  orientation: number,
  traits: string,
  /** 0: not tried, 1: it was decoded; else why it cannot be. */
  verdict: 0 | 1 | string,
];

const rowLength = 13;

interface Stored {
  readonly version: 2;
  readonly rows: readonly Row[];
}

/** Milliseconds within which a file system's clock may stand still: FAT's ticks are the longest. */
const coarsestClock = 2000;
const filesInFlight = 16;

/**
 * Describes files, reading those that are new or changed.
 * @param path the manifest
 * @param onProgress files read, of those that must be
 */
export async function describeFiles(
  path: string,
  files: readonly FoundFile[],
  onProgress: (done: number, total: number) => void,
): Promise<DescribedFile[]> {
  const stored = readManifest(path);
  const known = new Map(stored.rows.map((row) => [row[0], row]));
  const startedAt = Date.now() - coarsestClock;
  const rows: Row[] = [];
  const unknown: { readonly index: number; readonly stats: Stats }[] = [];
  for (const [index, file] of files.entries()) {
    const stats = attempt(() => statSync(file.path));
    if (typeof stats === 'string') {
      rows[index] = unopenedRow(file.name, stats);
      continue;
    }
    const row = known.get(file.name);
    const isSame =
      row?.[1] === stats.size && row[2] === stats.mtimeMs && row[3] === stats.ctimeMs && row[4] === stats.ino;
    if (isSame) rows[index] = row;
    else unknown.push({ index, stats });
  }
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < unknown.length) {
      const { index, stats } = unknown[next++]!;
      const { name, path: file } = files[index]!;
      const content = attempt(() => readFileSync(file));
      if (typeof content === 'string') {
        rows[index] = unopenedRow(name, content);
        continue;
      }
      const isYoung = Math.max(stats.mtimeMs, stats.ctimeMs) > startedAt;
      const sha256 = createHash('sha256').update(content).digest('hex');
      const before = known.get(name);
      rows[index] = [
        name,
        stats.size,
        isYoung ? 0 : stats.mtimeMs, // it may change once more within its clock's tick: it is read again
        stats.ctimeMs,
        stats.ino,
        ...toFields(await describeImage(content, sha256)),
        before?.[5] === sha256 ? before[12] : 0,
      ];
      onProgress(++done, unknown.length);
    }
  };
  await Promise.all(Array.from({ length: filesInFlight }, work));
  if (unknown.length > 0 || files.length !== stored.rows.length)
    await writeManifest(path, { version: 2, rows });
  return files.map((file, index) => {
    const verdict = rows[index]![12];
    return {
      file,
      description: toDescription(rows[index]!),
      verdict: typeof verdict === 'string' ? verdict : verdict === 1 ? null : undefined,
    };
  });
}

/** The code of the system's error where there is one. */
function attempt<T>(open: () => T): T | string {
  try {
    return open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}

/** It matches no file, so opening it is tried again. */
function unopenedRow(name: string, code: string): Row {
  const why =
    code === 'ENOENT' || code === 'ELOOP' ? 'a link that leads nowhere' : `it cannot be opened: ${code}`;
  return [name, -1, 0, 0, 0, '', why, null, 0, 0, 1, '', 0];
}

/** Keeps what decoding said of files, by their SHA-256: null where they are right. */
export async function keepVerdicts(
  path: string,
  verdicts: ReadonlyMap<string, string | null>,
): Promise<void> {
  const rows = readManifest(path).rows.map((row): Row => {
    const verdict = verdicts.get(row[5]);
    return verdict === undefined ? row : (row.with(12, verdict ?? 1) as unknown as Row);
  });
  await writeManifest(path, { version: 2, rows });
}

/**
 * Where the manifest of an entry's files is: entries that take other files of one place have their own.
 * @param place the real path of the folder, or of the list
 */
export function manifestPath(place: string, { classes, columns, layout }: OwnEntry): string {
  const choice = { place, layout, classes: classes && [...classes].sort(), pathColumn: columns.path };
  const key = createHash('sha256').update(canonicalJson(choice)).digest('hex');
  return join(cacheDirectory(), 'data', 'manifests', `${key}.json`);
}

function readManifest(path: string): Stored {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as Partial<Stored>;
    const rows = stored.version === 2 && Array.isArray(stored.rows) ? stored.rows : [];
    if (rows.every((row) => Array.isArray(row) && row.length === rowLength)) return { version: 2, rows };
  } catch {
    // not there, or damaged: everything is read
  }
  return { version: 2, rows: [] };
}

/** A cache that cannot be written costs time, no more. */
async function writeManifest(path: string, manifest: Stored): Promise<void> {
  await writeFileAtomically(path, JSON.stringify(manifest)).catch(() => {});
}

type Fields = readonly [string, string | null, string | null, number, number, number, string];

const toFields = (one: ImageDescription): Fields => [
  one.sha256,
  one.problem,
  one.foreignKind,
  one.width,
  one.height,
  one.orientation,
  one.traits,
];

const toDescription = (row: Row): ImageDescription => ({
  sha256: row[5],
  problem: row[6],
  foreignKind: row[7],
  width: row[8],
  height: row[9],
  orientation: row[10],
  traits: row[11],
});
