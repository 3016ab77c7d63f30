import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What the network of one epoch took the judged images for, small enough to be kept for every trial: the test images, or the
 * validation images of a data set without them.
 */
export interface PredictionRecord {
  readonly version: 1;
  readonly epoch: number;
  readonly part: 'test' | 'validation';
  /** How many images there are. */
  readonly images: number;
  readonly classes: number;
  /** K × K counts, row by row the images of a class, by the class predicted: uint32, deflated, in base64. */
  readonly confusion: string;
  /** One bit per image, as in `TestRecord`; of validation images only, since test images have theirs there. */
  readonly correct?: string;
  /** Of the 96 surest wrong images, in columns: numbers (uint32), classes predicted (uint16), both probabilities; deflated, in base64. */
  readonly misses: string;
  /**
   * Of each image, the probability of its own class in fifteenths, two in a byte, the lower four bits first; deflated, in base64. Of the
   * last epoch and that of the highest validation accuracy only, and of no more than 20,000 images; else null.
   */
  readonly probabilities: string | null;
}

/** An image whose class was wrong. */
export interface Miss {
  /** Its number in the data's order, from 0. */
  readonly image: number;
  readonly predicted: number;
  /** Of the class predicted, and of the right one: fractions, in steps of 1/255. */
  readonly predictedProbability: number;
  readonly labelProbability: number;
}

/** What was predicted of each image [N], in the data's order. */
export interface Predictions {
  readonly labels: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** Of the class predicted. */
  readonly predictedProbabilities: ArrayLike<number>;
  readonly labelProbabilities: ArrayLike<number>;
}

const mostMisses = 96;
const mostProbabilities = 20_000;

/** Counts [K × K] as a `PredictionRecord` has them. */
export const encodeConfusion = (counts: ArrayLike<number>): string => pack(Uint32Array.from(counts));

/** Counts [K × K], row by row the images of a class. @throws Error where it is damaged */
export function decodeConfusion({ confusion, classes }: PredictionRecord): Uint32Array {
  const bytes = unpack(confusion);
  if (bytes.length !== 4 * classes * classes) throw new Error('damaged counts');
  return new Uint32Array(new Uint8Array(bytes).buffer);
}

/** The wrong images, or the 96 of them whose class predicted has the highest probability. */
export function encodeMisses(predictions: Predictions): string {
  const { labels, predicted, predictedProbabilities, labelProbabilities } = predictions;
  const wrong = Array.from({ length: labels.length }, (_, image) => image)
    .filter((image) => predicted[image] !== labels[image])
    .sort((a, b) => predictedProbabilities[b]! - predictedProbabilities[a]! || a - b)
    .slice(0, mostMisses)
    .sort((a, b) => a - b);
  const asByte = (probability: number) => Math.round(255 * probability);
  return pack(
    Uint32Array.from(wrong),
    Uint16Array.from(wrong, (image) => predicted[image]!),
    Uint8Array.from(wrong, (image) => asByte(predictedProbabilities[image]!)),
    Uint8Array.from(wrong, (image) => asByte(labelProbabilities[image]!)),
  );
}

/** In the order of their numbers. @throws Error where it is damaged */
export function decodeMisses({ misses }: PredictionRecord): Miss[] {
  const bytes = unpack(misses);
  const count = bytes.length / bytesPerMiss;
  if (!Number.isInteger(count)) throw new Error('damaged misses');
  return Array.from({ length: count }, (_, index) => ({
    image: bytes.readUInt32LE(4 * index),
    predicted: bytes.readUInt16LE(4 * count + 2 * index),
    predictedProbability: bytes[6 * count + index]! / 255,
    labelProbability: bytes[7 * count + index]! / 255,
  }));
}

const bytesPerMiss = 4 + 2 + 1 + 1;

/** Probabilities [N] as a `PredictionRecord` has them; null where there are too many. */
export function encodeProbabilities({ labelProbabilities }: Predictions): string | null {
  const { length } = labelProbabilities;
  if (length > mostProbabilities) return null;
  const bytes = new Uint8Array(Math.ceil(length / 2));
  for (let image = 0; image < length; image++)
    bytes[image >> 1]! |= Math.round(15 * labelProbabilities[image]!) << (4 * (image & 1));
  return pack(bytes);
}

/** Of each image, the probability of its own class, in fifteenths; null where that was not kept. @throws Error where it is damaged */
export function decodeProbabilities({ probabilities, images }: PredictionRecord): Float32Array | null {
  if (probabilities === null) return null;
  const bytes = unpack(probabilities);
  if (bytes.length !== Math.ceil(images / 2)) throw new Error('damaged probabilities');
  return Float32Array.from(
    { length: images },
    (_, image) => ((bytes[image >> 1]! >> (4 * (image & 1))) & 15) / 15,
  );
}

/** Little-endian, as the processors that the engine runs on. */
function pack(...columns: readonly (Uint8Array | Uint16Array | Uint32Array)[]): string {
  const bytes = columns.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return deflateRawSync(Buffer.concat(bytes), { level: 9 }).toString('base64');
}

const unpack = (text: string): Buffer => inflateRawSync(Buffer.from(text, 'base64'));

/** Whether a value read from a file is a list of such records; those of later versions count too, and are for later programs. */
export function arePredictions(value: unknown): value is readonly PredictionRecord[] {
  return (
    Array.isArray(value) &&
    value.every((record: Partial<PredictionRecord> | null) => {
      if (typeof record !== 'object' || record === null) return false;
      if (record.version !== 1) return Number.isSafeInteger(record.version);
      const { epoch, part, images, classes, confusion, misses, probabilities } = record;
      const areNumbers = [epoch, images, classes].every((number) => Number.isSafeInteger(number));
      const areTexts = [confusion, misses, probabilities ?? ''].every((text) => typeof text === 'string');
      return areNumbers && areTexts && (part === 'test' || part === 'validation');
    })
  );
}
