import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import { isEpochs, type EpochRecord } from '../trial/outcome.js';
import type { KeptEpoch } from './candidates.js';

/**
 * A file: the magic (8 bytes), the SHA-256 of all that follows (32), the length of the header (uint32), the header
 * as JSON, the tensors' numbers one after the other (float32). Little-endian, as the processors that the engine
 * runs on.
 */
const magic = Buffer.from('RUNNERCP', 'latin1');
const version = 2; // version 1 kept no epochs
const hashStart = magic.length;
const lengthStart = hashStart + 32;
const headerStart = lengthStart + 4;

/** Whose state a checkpoint holds: one of another owner is not used. */
export interface CheckpointOwner {
  /** Stands for everything that changes the trial's result, the trainer's version included. */
  readonly trialId: string;
  /** Such as `tensorflow-cpu`: on another one the numbers would go on differently. */
  readonly engine: string;
}

export interface TensorLayout {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One variable's numbers, in row-major order. */
export interface SavedTensor extends TensorLayout {
  readonly values: Float32Array;
}

/** What training goes on from: the end of the last of `epochs`, which give the number of draws and steps too. */
export interface Checkpoint {
  readonly epochs: readonly EpochRecord[];
  readonly trainSeconds: number;
  readonly peakBytes: number;
  /** What is kept of epochs that a metric may select; none in a checkpoint of version 1. */
  readonly kept: readonly KeptEpoch[];
  readonly tensors: readonly SavedTensor[];
}

/** Everything in front of the numbers. */
interface Header extends CheckpointOwner, Omit<Checkpoint, 'tensors' | 'kept'> {
  readonly version: number;
  readonly tensors: readonly TensorLayout[];
  /** Their numbers follow those of `tensors`. */
  readonly kept: readonly (Omit<KeptEpoch, 'tensors'> & { readonly tensors: readonly TensorLayout[] })[];
}

const layoutOf = (tensors: readonly SavedTensor[]): TensorLayout[] =>
  tensors.map(({ name, shape }) => ({ name, shape }));

/** Replaces the file as a whole. @throws Error where it cannot be written */
export async function writeCheckpoint(
  path: string,
  { trialId, engine }: CheckpointOwner,
  { epochs, trainSeconds, peakBytes, kept, tensors }: Checkpoint,
): Promise<void> {
  const header: Header = {
    version,
    trialId,
    engine,
    epochs,
    trainSeconds,
    peakBytes,
    tensors: layoutOf(tensors),
    kept: kept.map((one) => ({ ...one, tensors: layoutOf(one.tensors) })),
  };
  const json = Buffer.from(JSON.stringify(header));
  const all = [...tensors, ...kept.flatMap((one) => one.tensors)];
  const size = all.reduce((sum, { values }) => sum + values.byteLength, headerStart + json.length);
  const file = Buffer.alloc(size);
  magic.copy(file);
  file.writeUInt32LE(json.length, lengthStart);
  json.copy(file, headerStart);
  let at = headerStart + json.length;
  for (const { values } of all) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  hashOf(file).copy(file, hashStart);
  // One process trains a trial at a time: what a killed one left under this name, the next overwrites.
  await writeFileAtomically(path, file, `${path}.tmp`);
}

/**
 * The state in the file, with tensors of the given layout; null where there is no file.
 * @throws Error that says why the file cannot be used
 */
export async function readCheckpoint(
  path: string,
  owner: CheckpointOwner,
  layout: readonly TensorLayout[],
): Promise<Checkpoint | null> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (!file.subarray(0, hashStart).equals(magic)) throw new Error('it is not a checkpoint');
  if (!file.subarray(hashStart, lengthStart).equals(hashOf(file))) throw new Error('it is damaged');
  if (file.length < headerStart) throw new Error('it is damaged');
  const numbersStart = headerStart + file.readUInt32LE(lengthStart);
  const header = parseHeader(file.toString('utf8', headerStart, numbersStart));
  if (header === null) throw new Error('it is damaged');
  if (header.version > version) throw new Error(`its version is ${header.version}, not ${version}`);
  if (header.trialId !== owner.trialId) throw new Error(`it is of another trial, ${header.trialId}`);
  if (header.engine !== owner.engine) throw new Error(`it is of another engine, ${header.engine}`);
  if (JSON.stringify(header.tensors) !== JSON.stringify(layout)) throw new Error('it holds other tensors');
  const keptHeaders = header.version === 1 ? [] : header.kept;
  const areKept = keptHeaders.every(
    (kept) => JSON.stringify(kept.tensors) === JSON.stringify(layout.slice(0, kept.tensors.length)),
  );
  const bytes = bytesOf([...layout, ...keptHeaders.flatMap((kept) => kept.tensors)]);
  if (!isEpochs(header.epochs) || !areKept || file.length !== numbersStart + bytes)
    throw new Error('it is damaged');
  let at = numbersStart;
  const readTensor = ({ name, shape }: TensorLayout): SavedTensor => {
    const numbers = file.subarray(at, (at += bytesOf([{ name, shape }])));
    return { name, shape, values: new Float32Array(new Uint8Array(numbers).buffer) }; // a copy: aligned
  };
  const tensors = layout.map(readTensor);
  const kept = keptHeaders.map((one) => ({ ...one, tensors: one.tensors.map(readTensor) }));
  const { epochs, trainSeconds, peakBytes } = header;
  return { epochs, trainSeconds, peakBytes, kept, tensors };
}

/** Null for what is no object of JSON. */
function parseHeader(text: string): Header | null {
  try {
    const header: unknown = JSON.parse(text);
    return typeof header === 'object' ? (header as Header | null) : null;
  } catch {
    return null;
  }
}

function bytesOf(layout: readonly TensorLayout[]): number {
  return layout.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
}

function hashOf(file: Buffer): Buffer {
  return createHash('sha256').update(file.subarray(lengthStart)).digest();
}
