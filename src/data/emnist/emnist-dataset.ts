import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { count } from '../../diagnostics/count.js';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { ZipArchive } from '../../system/zip-archive.js';
import type { Dataset, LoadedImages } from '../dataset.js';
import { corruptFile } from '../find/corrupt-file.js';
import type { DataSources } from '../find/find-data.js';
import { publishedDataset } from '../find/published-dataset.js';
import { verifyPublishedFile, type PublishedFile } from '../find/published-file.js';
import { decodeLabelled } from '../idx/decode-labelled.js';
import { idxSize } from '../idx/idx.js';
import type { ReadFile } from '../idx/read-idx-file.js';
import { transposeImages } from '../idx/transpose-images.js';

const side = 28; // pixels of an image

/**
 * The archive that holds all of EMNIST. Its SHA-256 and size: tensorflow_datasets, url_checksums/emnist.txt; its MD5 is
 * 58c8d27c78d21e728a6bc7b3cc06412e (torchvision, datasets/mnist.py). Written without having it at hand.
 */
const emnistArchive: PublishedFile = {
  name: 'gzip.zip',
  bytes: 561_753_746,
  sha256: 'fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e',
  of: 'file',
};

export interface EmnistDatasetOptions extends Pick<Dataset, 'name' | 'title' | 'train' | 'test'> {
  /** What the archive calls its part: `letters`. */
  readonly part: string;
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  /** What the archive calls the first class; default 0. */
  readonly firstLabel?: number;
  /** Default: as published. */
  readonly archive?: PublishedFile;
  readonly upstream?: DataSources['upstream'];
}

/**
 * A part of EMNIST (Cohen, Afshar, Tapson and van Schaik 2017), read from the archive as it is published: what its files
 * hold is known by the archive's hash only, so they are not unpacked to where nobody could check them. One download of
 * 562 MB serves all parts. The published images lie on their side, rows and columns exchanged; they are turned upright.
 */
export function emnistDataset(options: EmnistDatasetOptions): Dataset {
  const { part, firstLabel = 0, archive = emnistArchive, upstream = [nist], ...facts } = options;
  const { title, train, test, classes } = facts;
  const sources = {
    contents: 'archive',
    directoryVariable: 'EMNIST_DIR',
    cacheFolder: 'emnist',
    missingFrom: (directory: string) => (existsSync(join(directory, archive.name)) ? [] : [archive.name]),
    files: [archive],
    upstream,
    debian: null,
    unpack: null,
  };
  const read = async (
    zip: ZipArchive,
    path: string,
    file: string,
    shape: readonly number[],
  ): Promise<ReadFile> => {
    const entry = zip.entries.find((other) => other.name === file);
    if (!entry) throw new Error(`it holds no ${file}`);
    const unpacked = pipeline(Readable.from(zip.read(entry)), createGunzip({ chunkSize: 1 << 20 }), () => {});
    return { path: `${path}/${file}`, bytes: await collect(unpacked, idxSize(shape), file) };
  };
  const load = async (
    zip: ZipArchive,
    path: string,
    split: string,
    images: number,
  ): Promise<LoadedImages> => {
    const prefix = `gzip/emnist-${part}-${split}`;
    const imageShape = [images, side, side];
    const labelled = decodeLabelled({
      title,
      images: await read(zip, path, `${prefix}-images-idx3-ubyte.gz`, imageShape),
      imageShape,
      labels: await read(zip, path, `${prefix}-labels-idx1-ubyte.gz`, [images]),
      classes: classes.length,
      firstLabel,
    });
    transposeImages(labelled.images, side);
    return labelled;
  };
  return publishedDataset({ ...facts, shape: [side, side, 1], mean: null, deviation: null }, sources, {
    sha256: createHash('sha256').update(`${archive.sha256} ${part}`).digest('hex'), // the part of that archive
    verify: (directory) => verifyPublishedFile(title, directory, archive),
    load: async (directory) => {
      const path = join(directory, archive.name);
      let zip: ZipArchive | null = null;
      try {
        zip = await ZipArchive.open(path);
        return {
          train: await load(zip, path, 'train', train.count),
          val: null,
          test: await load(zip, path, 'test', test.count),
        };
      } catch (error) {
        throw error instanceof RunnerError ? error : corruptFile(title, path, (error as Error).message);
      } finally {
        await zip?.close();
      }
    },
  });
}

const nist = 'https://biometrics.nist.gov/cs_links/EMNIST';

/** A stream's bytes, of this number and no other. */
async function collect(stream: AsyncIterable<Buffer>, size: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of stream) {
    if (filled + chunk.length > size) throw new Error(`${name} unpacks to more than ${count(size, 'byte')}`);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes.subarray(0, filled);
}
