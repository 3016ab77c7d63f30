import { count } from '../../diagnostics/count.js';

export interface IdxArray {
  readonly shape: readonly number[];
  /** In row-major order; a view of the file's bytes, not a copy. */
  readonly values: Uint8Array;
}

/** Bytes of a file with values of this shape. */
export function idxSize(shape: readonly number[]): number {
  return headerSize(shape.length) + shape.reduce((a, b) => a * b, 1);
}

const headerSize = (dimensions: number): number => 4 + 4 * dimensions;

/**
 * Decodes an IDX file of unsigned bytes: two zero bytes, the type 8, the number of dimensions, their sizes as
 * big-endian 32-bit numbers, the values.
 * @throws Error that says what is wrong with the bytes
 */
export function decodeIdx(bytes: Uint8Array): IdxArray {
  if (bytes.length < 4) throw new Error(`it has ${count(bytes.length, 'byte')}, too few for an IDX header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const dimensions = magic & 0xff;
  if (magic >>> 8 !== 0x08 || dimensions === 0) {
    throw new Error(
      `it is not an IDX file of unsigned bytes: it begins with 0x${magic.toString(16).padStart(8, '0')}`,
    );
  }
  const header = headerSize(dimensions);
  if (bytes.length < header)
    throw new Error(`it has ${count(bytes.length, 'byte')}, its header alone needs ${header}`);
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const expected = idxSize(shape);
  if (bytes.length !== expected) {
    const verdict = bytes.length < expected ? 'cut short' : 'too long';
    throw new Error(
      `it is ${verdict}: it has ${count(bytes.length, 'byte')}, ${shape.join('×')} needs ${expected}`,
    );
  }
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, bytes.length - header) };
}
