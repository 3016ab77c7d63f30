import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Dataset } from '../../src/data/dataset.js';
import { idxDataset, type IdxDatasetOptions } from '../../src/data/idx/idx-dataset.js';

const [height, width, channels] = [20, 24, 3];
const classes = ['left', 'middle', 'right'];
const [trainCount, testCount] = [300, 60];

/** A bright tile on a dark ground, in the third of the image that its class names; another colour each time. */
function drawImages(count: number): Uint8Array {
  return Uint8Array.from({ length: count * height * width * channels }, (_, index) => {
    const channel = index % channels;
    const column = Math.floor(index / channels) % width;
    const image = Math.floor(index / (channels * width * height));
    const noise = (index * 7919) % 61;
    const isTile = Math.floor(column / (width / classes.length)) === image % classes.length;
    return isTile && channel !== image % 4 ? 255 - noise : noise;
  });
}

const drawLabels = (count: number) =>
  Uint8Array.from({ length: count }, (_, index) => index % classes.length);

function toIdx(shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((size, index) => header.writeUInt32BE(size, 4 + 4 * index));
  return Buffer.concat([header, values]);
}

export const tiles = {
  trainImages: drawImages(trainCount),
  trainLabels: drawLabels(trainCount),
  testImages: drawImages(testCount),
  testLabels: drawLabels(testCount),
};

const contents = {
  trainImages: toIdx([trainCount, height, width, channels], tiles.trainImages),
  trainLabels: toIdx([trainCount], tiles.trainLabels),
  testImages: toIdx([testCount, height, width, channels], tiles.testImages),
  testLabels: toIdx([testCount], tiles.testLabels),
};
const names = {
  trainImages: 'train-images-idx4-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 'test-images-idx4-ubyte',
  testLabels: 'test-labels-idx1-ubyte',
};
type Part = keyof typeof names;
const parts = Object.keys(names) as Part[];

/** Mean and standard deviation of each channel of the training images, 0 to 1. */
const statistics = Array.from({ length: channels }, (_, channel) => {
  const pixels = tiles.trainImages.filter((_, index) => index % channels === channel);
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length / 255;
  const squares = pixels.reduce((sum, pixel) => sum + (pixel / 255 - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / pixels.length) };
});

/** All that a file in src/data/sets/ would say of it. */
export const tilesOptions: IdxDatasetOptions = {
  name: 'coloured-tiles',
  title: 'Coloured tiles',
  train: { count: trainCount },
  test: { count: testCount },
  shape: [height, width, channels],
  classes,
  mean: statistics.map(({ mean }) => mean),
  deviation: statistics.map(({ deviation }) => deviation),
  files: Object.fromEntries(
    parts.map((part) => [
      part,
      { name: names[part], sha256: createHash('sha256').update(contents[part]).digest('hex') },
    ]),
  ) as IdxDatasetOptions['files'],
  upstream: null,
  debian: null,
};

/** A data set with another number of images, shape and classes than any real one. */
export const coloredTiles: Dataset = idxDataset(tilesOptions);

/** Writes its four files: those of the training set plain, those of the test set gzipped. */
export async function writeTiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const part of parts) {
    const isGzipped = part.startsWith('test');
    const content = isGzipped ? gzipSync(contents[part]) : contents[part];
    await writeFile(join(folder, `${names[part]}${isGzipped ? '.gz' : ''}`), content);
  }
}

/** The gzipped files by their address below `upstream`. */
export const servedTiles: ReadonlyMap<string, Buffer> = new Map(
  parts.map((part) => [`/${names[part]}.gz`, gzipSync(contents[part])]),
);
