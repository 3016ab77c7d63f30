import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { IdxDatasetOptions } from '../../src/data/idx/idx-dataset.js';

const [trainCount, testCount] = [300, 60];
const classes = ['left', 'middle', 'right'];
const names = {
  trainImages: 'train-images-ubyte',
  trainLabels: 'train-labels-ubyte',
  testImages: 'test-images-ubyte',
  testLabels: 'test-labels-ubyte',
};
type Part = keyof typeof names;
const parts = Object.keys(names) as Part[];

/**
 * A data set with another number of images, another shape and other classes than any real one: a bright tile on a
 * dark ground, in the third of the image that its class names. In colour, each fourth image has a tile without red,
 * and so on.
 */
export class Tiles {
  readonly values: Readonly<Record<Part, Uint8Array>>;
  /** All that a file in src/data/sets/ would say of it. */
  readonly options: IdxDatasetOptions;
  readonly #files: Readonly<Record<Part, Buffer>>;

  constructor(
    name: string,
    title: string,
    shape: readonly [height: number, width: number, channels: number],
  ) {
    this.values = {
      trainImages: drawImages(trainCount, shape),
      trainLabels: drawLabels(trainCount),
      testImages: drawImages(testCount, shape),
      testLabels: drawLabels(testCount),
    };
    const { trainImages, trainLabels, testImages, testLabels } = this.values;
    const imageShape = shape[2] === 1 ? shape.slice(0, 2) : shape;
    const files = (this.#files = {
      trainImages: toIdx([trainCount, ...imageShape], trainImages),
      trainLabels: toIdx([trainCount], trainLabels),
      testImages: toIdx([testCount, ...imageShape], testImages),
      testLabels: toIdx([testCount], testLabels),
    });
    const hashOf = (part: Part) => createHash('sha256').update(files[part]).digest('hex');
    const statistics = channelStatistics(trainImages, shape[2]);
    this.options = {
      name,
      title,
      train: { count: trainCount },
      test: { count: testCount },
      shape,
      classes,
      mean: statistics.map(({ mean }) => mean),
      deviation: statistics.map(({ deviation }) => deviation),
      files: {
        trainImages: { name: names.trainImages, sha256: hashOf('trainImages') },
        trainLabels: { name: names.trainLabels, sha256: hashOf('trainLabels') },
        testImages: { name: names.testImages, sha256: hashOf('testImages') },
        testLabels: { name: names.testLabels, sha256: hashOf('testLabels') },
      },
      upstream: [],
      debian: null,
    };
  }

  /** Writes the four files: those of the training set plain, those of the test set gzipped. */
  async write(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const part of parts) {
      const [content, path] = [this.#files[part], join(folder, names[part])];
      if (part.startsWith('test')) await writeFile(`${path}.gz`, gzipSync(content));
      else await writeFile(path, content);
    }
  }

  /** The gzipped files by name. */
  served(): Map<string, Buffer> {
    return new Map(parts.map((part) => [`${names[part]}.gz`, gzipSync(this.#files[part])]));
  }
}

function drawImages(count: number, [height, width, channels]: IdxDatasetOptions['shape']): Uint8Array {
  return Uint8Array.from({ length: count * height * width * channels }, (_, index) => {
    const channel = index % channels;
    const column = Math.floor(index / channels) % width;
    const image = Math.floor(index / (channels * width * height));
    const noise = (index * 7919) % 61;
    const isTile = Math.floor((column * classes.length) / width) === image % classes.length;
    return isTile && (channels === 1 || channel !== image % 4) ? 255 - noise : noise;
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

/** Mean and standard deviation of each channel, 0 to 1. */
function channelStatistics(images: Uint8Array, channels: number): { mean: number; deviation: number }[] {
  return Array.from({ length: channels }, (_, channel) => {
    const pixels = images.filter((_pixel, index) => index % channels === channel);
    const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length / 255;
    const squares = pixels.reduce((sum, pixel) => sum + (pixel / 255 - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(squares / pixels.length) };
  });
}
