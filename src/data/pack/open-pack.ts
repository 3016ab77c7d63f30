import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { count } from '../../diagnostics/count.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import type { DatasetImages, ImageFacts, LabelledImages } from '../dataset.js';
import type { PartName } from '../own/own-dataset.js';

/** Bytes of a part that a trial puts on the device as a whole. What is larger it reads batch by batch. */
export const deviceLimit = 512 * 2 ** 20;

/** What a pack says of itself: meta.json. */
export interface PackMeta extends ImageFacts {
  readonly version: 1;
  /** Of the data set. */
  readonly sha256: string;
  readonly counts: Readonly<Record<PartName, number | null>>;
  /** Where the originals were, and what the data set was called. */
  readonly source: string;
  readonly name: string;
}

/** Bytes of an image in a pack's file. */
export const rowBytesOf = (side: number, channels: number): number =>
  4 * Math.ceil((side * side * channels) / 4);

/** What training reads of a pack. */
export interface OpenPack {
  readonly facts: ImageFacts;
  readonly images: DatasetImages;
}

/** Opens a pack for training: labels and facts are read, images stay in their files. */
export async function openPack(directory: string): Promise<OpenPack> {
  const meta = JSON.parse(await readFile(join(directory, 'meta.json'), 'utf8')) as PackMeta;
  const [side, , channels] = meta.shape;
  const partOf = async (part: PartName): Promise<LabelledImages | null> => {
    const images = meta.counts[part];
    if (images === null) return null;
    const path = join(directory, `${part}.images`);
    const labels = await readFile(join(directory, `${part}.labels`));
    const expected = images * rowBytesOf(side, channels);
    const found = statSync(path).size;
    if (found !== expected || labels.length !== 2 * images) {
      const detail = `it has ${count(found, 'byte')}, expected ${expected}`;
      throw new RunnerError([
        { kind: 'environment', reason: 'data-corrupt', title: meta.name, path, detail },
      ]);
    }
    return {
      images: { path, first: 0 },
      labels: new Uint16Array(labels.buffer.slice(labels.byteOffset, labels.byteOffset + labels.length)),
    };
  };
  const { shape, classes, mean, deviation } = meta;
  const images = { train: (await partOf('train'))!, val: await partOf('val'), test: await partOf('test') };
  return { facts: { shape, classes, mean, deviation }, images };
}
