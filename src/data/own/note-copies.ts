import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../system/cache-directory.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import type { Dataset, LoadedImages } from '../dataset.js';
import { describeNotes } from './notes.js';
import type { OwnImage } from './own-dataset.js';

/**
 * What one should know of a known data set: images that are in two parts, or under two labels. Its images are hashed once,
 * and the notes kept in the cache. Null where it is not on this machine, or not as it was published.
 */
export async function noteCopies(dataset: Dataset, dataDir: string | undefined): Promise<string[] | null> {
  const path = join(cacheDirectory(), 'data', 'notes', `${dataset.sha256}.json`);
  const kept = await readFile(path, 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept) as string[];
  try {
    const found = dataset.peek(dataDir);
    if (found === null) return null;
    await dataset.verify(found.directory);
    const { train, test } = await dataset.load(found.directory);
    const images = { train: listImages(train, 'train'), val: null, test: listImages(test, 'test') };
    const notes = describeNotes({ classes: dataset.classes, images, files: [], others: [], skipped: [] });
    await writeFileAtomically(path, JSON.stringify(notes)).catch(() => {}); // a cache that cannot be written
    return notes;
  } catch {
    return null; // a run, or `runner doctor`, says what is wrong with it
  }
}

function listImages({ images, labels }: LoadedImages, part: string): OwnImage[] {
  const size = images.length / labels.length;
  return Array.from(labels, (label, index) => {
    const pixels = images.subarray(index * size, (index + 1) * size);
    const sha256 = createHash('sha256').update(pixels).digest('hex');
    return { label, sha256, group: null, name: `${part} ${index}`, width: 0, height: 0, from: { pixels } };
  });
}
