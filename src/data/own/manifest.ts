/**
 * The manifest of a data set's files: what is known of their content, by size, times and inode. A file for which these are
 * equal is not read again. A time may be equal although the content changed, where the clock of the file system is coarse
 * and the change came within its tick: such a file is read again, as git does with what it calls racy entries.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../system/cache-directory.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import { describeImage, type ImageDescription } from './describe-image.js';

/** A file that is an image by its name. */
export interface FoundFile {
  /** Within the data set. */
  readonly name: string;
  readonly path: string;
}

export type DescribedFile = FoundFile &
  ImageDescription & {
    /** Why it cannot be decoded; null where it was, undefined where that was not tried. */
    readonly verdict: string | null | undefined;
  };

type Row = readonly [
  name: string,
  key: string,
  sha256: string,
  problem: string | null,
  foreignKind: string | null,
  width: number,
  height: number,
  orientation: number,
  traits: string,
];

interface Stored {
  readonly version: 1;
  readonly rows: readonly Row[];
  /** By the SHA-256 of a file: what decoding it said. */
  readonly verdicts: Readonly<Record<string, string>>;
  readonly decoded: readonly string[];
}

/** Milliseconds within which a file system's clock may stand still: FAT's ticks are the longest. */
const coarsestClock = 2000;
const filesInFlight = 16;

/**
 * Describes files, reading those that are new or changed.
 * @param place the real path of the folder, or of the list
 * @param onProgress files read, of those that must be
 */
export async function describeFiles(
  place: string,
  files: readonly FoundFile[],
  onProgress: (done: number, total: number) => void,
): Promise<DescribedFile[]> {
  const path = manifestPath(place);
  const stored = readManifest(path);
  const known = new Map(stored.rows.map((row) => [row[0], row]));
  const startedAt = BigInt(Date.now() - coarsestClock) * 1_000_000n;
  const described: ImageDescription[] = [];
  const keys: string[] = [];
  const unknown: number[] = [];
  for (const [index, file] of files.entries()) {
    const { size, mtimeNs, ctimeNs, ino } = statSync(file.path, { bigint: true });
    const key = `${size} ${mtimeNs} ${ctimeNs} ${ino}`;
    // A young file may change once more within its clock's tick: it is read again the next time.
    keys.push(mtimeNs > startedAt || ctimeNs > startedAt ? '' : key);
    const row = known.get(file.name);
    if (row?.[1] === key) described[index] = toDescription(row);
    else unknown.push(index);
  }
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < unknown.length) {
      const index = unknown[next++]!;
      const content = readFileSync(files[index]!.path);
      described[index] = await describeImage(content, createHash('sha256').update(content).digest('hex'));
      onProgress(++done, unknown.length);
    }
  };
  await Promise.all(Array.from({ length: filesInFlight }, work));
  if (unknown.length > 0 || files.length !== stored.rows.length) {
    const rows = files.map((file, index) => toRow(file.name, keys[index]!, described[index]!));
    await writeManifest(path, { ...stored, rows });
  }
  const decoded = new Set(stored.decoded);
  return files.map((file, index) => {
    const { sha256 } = described[index]!;
    const verdict = stored.verdicts[sha256] ?? (decoded.has(sha256) ? null : undefined);
    return { ...file, ...described[index]!, verdict };
  });
}

/** Keeps what decoding said of files, by their SHA-256: null where they are right. */
export async function keepVerdicts(
  place: string,
  verdicts: ReadonlyMap<string, string | null>,
): Promise<void> {
  const path = manifestPath(place);
  const stored = readManifest(path);
  const bad = [...verdicts].filter((entry): entry is [string, string] => entry[1] !== null);
  const good = [...verdicts].flatMap(([sha256, verdict]) => (verdict === null ? [sha256] : []));
  await writeManifest(path, {
    ...stored,
    verdicts: { ...stored.verdicts, ...Object.fromEntries(bad) },
    decoded: [...new Set([...stored.decoded, ...good])],
  });
}

const manifestPath = (place: string): string =>
  join(cacheDirectory(), 'data', 'manifests', `${createHash('sha256').update(place).digest('hex')}.json`);

function readManifest(path: string): Stored {
  const none: Stored = { version: 1, rows: [], verdicts: {}, decoded: [] };
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as Partial<Stored>;
    return stored.version === 1 && Array.isArray(stored.rows) ? { ...none, ...stored } : none;
  } catch {
    return none; // not there, or damaged: everything is read
  }
}

/** A cache that cannot be written costs time, no more. */
async function writeManifest(path: string, manifest: Stored): Promise<void> {
  await writeFileAtomically(path, JSON.stringify(manifest)).catch(() => {});
}

function toRow(name: string, key: string, description: ImageDescription): Row {
  const { sha256, problem, foreignKind, width, height, orientation, traits } = description;
  return [name, key, sha256, problem, foreignKind, width, height, orientation, traits];
}

function toDescription([
  ,
  ,
  sha256,
  problem,
  foreignKind,
  width,
  height,
  orientation,
  traits,
]: Row): ImageDescription {
  return { sha256, problem, foreignKind, width, height, orientation, traits };
}
