import { createHash } from 'node:crypto';

/** Numbers in row-major order, under a name. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a safetensors file holds. */
export interface TensorFile {
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly NamedTensor[];
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of the numbers, from the end of the header. */
  readonly data_offsets: readonly [start: number, end: number];
}

const hashName = 'sha256'; // of the numbers, among the metadata: the format has no check of its own

/**
 * A file in the safetensors format (https://huggingface.co/docs/safetensors): the length of the header (uint64), the
 * header as JSON, filled up with spaces to a multiple of eight, the tensors' numbers one after the other. Little-endian,
 * as the processors that the engine runs on.
 */
export function encodeSafetensors({ metadata, tensors }: TensorFile): Buffer {
  const parts = tensors.map(({ values }) => bytesOf(values));
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  let at = 0;
  const entries = tensors.map(({ name, shape, values }): [string, Entry] => {
    const start = at;
    at += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, at] }];
  });
  const header = {
    __metadata__: { ...metadata, [hashName]: hash.digest('hex') },
    ...Object.fromEntries(entries),
  };
  const json = Buffer.from(JSON.stringify(header));
  const filled = Buffer.alloc(8 + 8 * Math.ceil(json.length / 8), ' ');
  filled.writeBigUInt64LE(BigInt(filled.length - 8), 0);
  json.copy(filled, 8);
  return Buffer.concat([filled, ...parts]);
}

/** What `encodeSafetensors` has written. @throws Error that says why it is not such a file, or a damaged one */
export function decodeSafetensors(file: Buffer): TensorFile {
  const length = file.length < 8 ? Infinity : Number(file.readBigUInt64LE(0));
  if (8 + length > file.length) throw new Error('it is no safetensors file, or cut short');
  const header = parseHeader(file.toString('utf8', 8, 8 + length));
  const bytes = file.subarray(8 + length);
  const { __metadata__: metadata, ...entries } = header;
  if (!isTexts(metadata) || createHash('sha256').update(bytes).digest('hex') !== metadata[hashName])
    throw new Error('it is damaged: its numbers are not those that were written');
  const tensors = Object.entries(entries).map(([name, entry]) => {
    if (!isEntry(entry, bytes.length)) throw new Error('it is damaged: its header describes no tensors');
    const [start, end] = entry.data_offsets;
    const values = new Float32Array(new Uint8Array(bytes.subarray(start, end)).buffer); // a copy: aligned
    return { name, shape: entry.shape, values };
  });
  return { metadata, tensors };
}

function parseHeader(text: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // no JSON: as below
  }
  throw new Error('it is no safetensors file');
}

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((text) => typeof text === 'string');

/** Of numbers that are there. */
function isEntry(value: unknown, length: number): value is Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const areCounts = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (dtype !== 'F32' || !areCounts(shape) || !areCounts(offsets) || offsets.length !== 2) return false;
  const [start, end] = offsets as [number, number];
  return end <= length && end - start === 4 * shape.reduce((a, b) => a * b, 1);
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
