import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, LoadedImages } from '../dataset.js';
import { corruptFile } from '../find/corrupt-file.js';
import type { DataSources } from '../find/find-data.js';
import { publishedDataset, type PublishedFacts } from '../find/published-dataset.js';
import { verifyPublishedFile, type PublishedFile } from '../find/published-file.js';
import { unpackFiles } from '../find/unpack-files.js';
import { decodeLabelled } from './decode-labelled.js';
import { idxSize } from './idx.js';
import { readIdxFile } from './read-idx-file.js';

const parts = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
type Part = (typeof parts)[number];

export interface IdxFile {
  /** Without `.gz`. */
  readonly name: string;
  /** Of the decompressed file; the gzip files differ between publishers, the contents do not. */
  readonly sha256: string;
}

/** A file that is taken gzipped only, as it is published: the hash of its content is not known. */
export interface GzippedIdxFile {
  /** With `.gz`. */
  readonly name: string;
  /** Of the gzip file. */
  readonly gzip: { readonly bytes: number; readonly sha256: string };
}

export interface IdxDatasetOptions extends PublishedFacts, Pick<DataSources, 'upstream' | 'debian'> {
  readonly files: Readonly<Record<Part, IdxFile | GzippedIdxFile>>;
}

/** A data set in four IDX files, each plain or gzipped, as MNIST and those made after it are published. */
export function idxDataset({ files, upstream, debian, ...facts }: IdxDatasetOptions): Dataset {
  const { name, title, train, test, shape, classes } = facts;
  const imageShape = shape[2] === 1 ? shape.slice(0, 2) : shape; // grey images have no dimension of channels
  const shapes: Readonly<Record<Part, readonly number[]>> = {
    trainImages: [train.count, ...imageShape],
    trainLabels: [train.count],
    testImages: [test.count, ...imageShape],
    testLabels: [test.count],
  };
  const published = parts.map<PublishedFile>((part) => {
    const file = files[part];
    if ('gzip' in file) return { name: file.name, ...file.gzip, of: 'file' };
    return {
      name: `${file.name}.gz`,
      bytes: idxSize(shapes[part]),
      sha256: file.sha256,
      of: 'content',
    };
  });
  const names = parts.map((part) => files[part].name);
  const unpacked = parts.filter((part) => !('gzip' in files[part])).map((part) => files[part].name);
  const sources = {
    contents: 'four IDX files',
    directoryVariable: `${name.toUpperCase().replaceAll('-', '_')}_DIR`,
    cacheFolder: name,
    missingFrom: (directory: string) =>
      names.filter(
        (file) =>
          !existsSync(join(directory, file)) &&
          !(unpacked.includes(file) && existsSync(join(directory, `${file}.gz`))),
      ),
    files: published,
    upstream,
    debian,
    unpack: unpacked.length === 0 ? null : (directory: string) => unpackFiles(directory, unpacked),
  };
  const read = (directory: string, part: Part) =>
    readIdxFile(title, directory, files[part].name, shapes[part]);
  const load = async (directory: string, images: Part, labels: Part): Promise<LoadedImages> =>
    decodeLabelled({
      title,
      images: await read(directory, images),
      imageShape: shapes[images],
      labels: await read(directory, labels),
      classes: classes.length,
      firstLabel: 0,
    });
  return publishedDataset(facts, sources, {
    sha256: sha256(published.map((file) => file.sha256).join('')),
    verify: async (directory) => {
      for (const part of parts) {
        const file = files[part];
        if ('gzip' in file) {
          await verifyPublishedFile(title, directory, { name: file.name, ...file.gzip });
          continue;
        }
        const { path, bytes } = await read(directory, part);
        const actual = sha256(bytes);
        if (actual !== file.sha256)
          throw corruptFile(title, path, `its content has the SHA-256 ${actual}, not ${file.sha256}`);
      }
    },
    load: async (directory) => {
      const [trainPart, testPart] = await Promise.all([
        load(directory, 'trainImages', 'trainLabels'),
        load(directory, 'testImages', 'testLabels'),
      ]);
      return { train: trainPart, val: null, test: testPart };
    },
  });
}

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');
