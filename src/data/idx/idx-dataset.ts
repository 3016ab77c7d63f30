import { createHash } from 'node:crypto';
import type { Dataset, DatasetFacts, ImageFacts, LoadedImages, PartFacts } from '../dataset.js';
import { findData, peekData, type DataSources } from '../find/find-data.js';
import { decodeIdx } from './idx.js';
import { corruptFile, readIdxFile } from './read-idx-file.js';

const parts = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
type Part = (typeof parts)[number];

export interface IdxDatasetOptions
  extends
    Omit<DatasetFacts & ImageFacts, 'sha256' | 'side' | 'val' | 'test'>,
    Pick<DataSources, 'upstream' | 'debian'> {
  readonly test: PartFacts;
  readonly files: Readonly<
    Record<
      Part,
      {
        /** Without `.gz`. */
        readonly name: string;
        /** Of the decompressed file; the gzip files differ between publishers, the contents do not. */
        readonly sha256: string;
      }
    >
  >;
}

/** A data set in four IDX files, each plain or gzipped, as MNIST and those made after it are published. */
export function idxDataset({ files, upstream, debian, ...facts }: IdxDatasetOptions): Dataset {
  const { name, title, train, test, shape } = facts;
  const imageShape = shape[2] === 1 ? shape.slice(0, 2) : shape; // grey images have no dimension of channels
  const shapes: Readonly<Record<Part, readonly number[]>> = {
    trainImages: [train.count, ...imageShape],
    trainLabels: [train.count],
    testImages: [test.count, ...imageShape],
    testLabels: [test.count],
  };
  const sources: DataSources = {
    name,
    title,
    contents: 'four IDX files',
    directoryVariable: `${name.toUpperCase().replaceAll('-', '_')}_DIR`,
    fileNames: parts.map((part) => files[part].name),
    upstream,
    debian,
  };
  const verify = async (directory: string): Promise<void> => {
    for (const part of parts) {
      const { path, bytes } = await readIdxFile(title, directory, files[part].name, shapes[part]);
      const [actual, expected] = [sha256(bytes), files[part].sha256];
      if (actual !== expected)
        throw corruptFile(title, path, `its content has the SHA-256 ${actual}, not ${expected}`);
    }
  };
  const loadPart = async (directory: string, part: Part): Promise<Uint8Array> => {
    const expected = shapes[part];
    const { path, bytes } = await readIdxFile(title, directory, files[part].name, expected);
    try {
      const { shape: found, values } = decodeIdx(bytes);
      if (found.join() === expected.join()) return values;
      throw new Error(`it holds ${found.join('×')} values, expected ${expected.join('×')}`);
    } catch (error) {
      throw corruptFile(title, path, (error as Error).message);
    }
  };
  const loadImages = async (directory: string, images: Part, labels: Part): Promise<LoadedImages> => ({
    images: await loadPart(directory, images),
    labels: await loadPart(directory, labels),
  });
  return {
    ...facts,
    val: null,
    side: shape[0] === shape[1] ? shape[0] : null,
    sha256: sha256(parts.map((part) => files[part].sha256).join('')),
    contents: sources.contents,
    directoryVariable: sources.directoryVariable,
    peek: (dataDir) => peekData(sources, dataDir),
    find: (options) => findData(sources, options, verify),
    verify,
    load: async (directory) => {
      const [trainPart, testPart] = await Promise.all([
        loadImages(directory, 'trainImages', 'trainLabels'),
        loadImages(directory, 'testImages', 'testLabels'),
      ]);
      return { train: trainPart, val: null, test: testPart };
    },
  };
}

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');
