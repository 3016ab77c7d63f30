import { openSync, readSync, closeSync } from 'node:fs';
import type { ImageFile, LabelledImages } from '../data/dataset.js';
import { deviceLimit } from '../data/pack/open-pack.js';
import { packedTensor } from '../engine/fused-operations.js';
import { tf, type Tensor1D, type Tensor2D } from '../engine/tfjs.js';
import { pixelsOf, type BatchSource, type ImageFacts } from './pipeline.js';

/**
 * Labelled images for a trial: on the device where they fit, or else in their file, from which each batch is read. Both
 * give the same batches, bit for bit.
 */
export class DeviceImages {
  readonly length: number;
  readonly labels: LabelledImages['labels'];
  readonly #kept: readonly [Tensor2D, Tensor1D] | null;
  readonly #file: OpenFile | null;

  /** @param limit in bytes, of what is put on the device as a whole */
  constructor({ images, labels }: LabelledImages, shape: ImageFacts['shape'], limit = deviceLimit) {
    this.length = labels.length;
    this.labels = labels;
    const width = Math.ceil(pixelsOf(shape) / 4); // int32s of an image
    const isLarge = labels.length * width * 4 > limit;
    this.#file = images instanceof Uint8Array ? null : new OpenFile(images, width * 4);
    if (this.#file && isLarge) {
      this.#kept = null;
      return;
    }
    const packed = this.#file
      ? this.#file.readAll(labels.length)
      : packBytes(images as Uint8Array, labels.length, pixelsOf(shape));
    this.#kept = [tf.keep(packedTensor(packed, [labels.length, width])), tf.keep(labelTensor(labels))];
  }

  /** The images of these indices, at least one. What is made for it belongs to the current tf.tidy. */
  batch(indices: Int32Array): BatchSource {
    if (this.#kept) return [...this.#kept, tf.tensor1d(indices, 'int32')];
    const rows = this.#file!.readRows(indices);
    const labels = Int32Array.from(indices, (index) => this.labels[index]!);
    return [
      packedTensor(rows, [indices.length, rows.length / indices.length]),
      tf.tensor1d(labels, 'int32'),
      tf.range(0, indices.length, 1, 'int32'),
    ];
  }

  dispose(): void {
    this.#file?.close();
    if (this.#kept) tf.dispose([...this.#kept]);
  }
}

const labelTensor = (labels: LabelledImages['labels']): Tensor1D =>
  tf.tensor1d(Int32Array.from(labels), 'int32');

/** Rows of int32s in a file, each the bytes of an image. */
class OpenFile {
  #descriptor: number | null;
  readonly #first: number;
  readonly #rowBytes: number;

  constructor({ path, first }: ImageFile, rowBytes: number) {
    this.#descriptor = openSync(path, 'r');
    this.#first = first;
    this.#rowBytes = rowBytes;
  }

  readAll(rows: number): Int32Array {
    const bytes = new Uint8Array(rows * this.#rowBytes);
    this.#read(bytes, this.#first);
    return new Int32Array(bytes.buffer);
  }

  readRows(indices: Int32Array): Int32Array {
    const bytes = new Uint8Array(indices.length * this.#rowBytes);
    for (const [row, index] of indices.entries())
      this.#read(bytes.subarray(row * this.#rowBytes, (row + 1) * this.#rowBytes), this.#first + index);
    return new Int32Array(bytes.buffer);
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #read(target: Uint8Array, row: number): void {
    for (let done = 0; done < target.length;) {
      const read = readSync(
        this.#descriptor!,
        target,
        done,
        target.length - done,
        row * this.#rowBytes + done,
      );
      if (read === 0) throw new Error('the file of images is shorter than it was');
      done += read;
    }
  }
}

/** Bytes [N, K] in the machine's order, each row filled up to a multiple of four. Copies only where it must. */
function packBytes(bytes: Uint8Array, rows: number, columns: number): Int32Array {
  const width = 4 * Math.ceil(columns / 4);
  if (width === columns) {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
    return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  }
  const filled = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++)
    filled.set(bytes.subarray(row * columns, (row + 1) * columns), row * width);
  return new Int32Array(filled.buffer);
}
