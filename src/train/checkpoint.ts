import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import { isEpochs, isTests, type EpochRecord, type TestRecord } from '../trial/outcome.js';
import { arePredictions, type PredictionRecord } from '../trial/predictions.js';

/**
 * A file: the magic (8 bytes), the SHA-256 of all that follows (32), the length of the header (uint32), the header
 * as JSON, the tensors' numbers one after the other (float32), then those of `networks`. Little-endian, as the
 * processors that the engine runs on. Version 1 had neither `tests` nor `networks`.
 */
const magic = Buffer.from('RUNNERCP', 'latin1');
const version = 2;
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

/** The network as an epoch left it: the first tensors of a state. */
export interface SavedNetwork {
  readonly epoch: number;
  readonly tensors: readonly SavedTensor[];
}

/** What training goes on from: the end of the last of `epochs`, which give the number of draws and steps too. */
export interface Checkpoint {
  readonly epochs: readonly EpochRecord[];
  readonly trainSeconds: number;
  readonly peakBytes: number;
  readonly tensors: readonly SavedTensor[];
  /** What the test images said of the epochs that a metric may select, where validation is on them. */
  readonly tests: readonly TestRecord[];
  /** Of the epochs that a metric may select, where training knows what it took the judged images for. Earlier versions kept none. */
  readonly predictions: readonly PredictionRecord[];
  /** Of the best of `epochs`, to be tested after training, where validation is held out. */
  readonly networks: readonly SavedNetwork[];
}

/** Everything in front of the numbers. */
interface Header extends CheckpointOwner, Omit<Checkpoint, 'tensors' | 'networks' | 'predictions'> {
  readonly version: number;
  readonly predictions?: readonly PredictionRecord[];
  readonly tensors: readonly TensorLayout[];
  /** How many tensors of the layout each network has. */
  readonly networks: readonly { readonly epoch: number; readonly tensors: number }[];
}

/** Replaces the file as a whole. @throws Error where it cannot be written */
export async function writeCheckpoint(
  path: string,
  { trialId, engine }: CheckpointOwner,
  { tensors, networks, ...state }: Checkpoint,
): Promise<void> {
  const header: Header = {
    version,
    trialId,
    engine,
    ...state,
    tensors: tensors.map(({ name, shape }) => ({ name, shape })),
    networks: networks.map(({ epoch, tensors }) => ({ epoch, tensors: tensors.length })),
  };
  const json = Buffer.from(JSON.stringify(header));
  const all = [...tensors, ...networks.flatMap((network) => network.tensors)];
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
  if (header === null || !Number.isSafeInteger(header.version)) throw new Error('it is damaged');
  if (header.version !== 1 && header.version !== version)
    throw new Error(`its version is ${header.version}, not ${version}`);
  if (header.trialId !== owner.trialId) throw new Error(`it is of another trial, ${header.trialId}`);
  if (header.engine !== owner.engine) throw new Error(`it is of another engine, ${header.engine}`);
  if (JSON.stringify(header.tensors) !== JSON.stringify(layout)) throw new Error('it holds other tensors');
  const { epochs, trainSeconds, peakBytes, predictions = [] } = header;
  const { tests, networks } = header.version === 1 ? { tests: [], networks: [] } : header;
  if (
    !isEpochs(epochs) ||
    !isTests(tests, epochs) ||
    !areNetworks(networks, epochs, layout) ||
    !arePredictions(predictions)
  )
    throw new Error('it is damaged');
  const layoutOf = (network: { readonly tensors: number }) => layout.slice(0, network.tensors);
  if (file.length !== numbersStart + bytesOf([layout, ...networks.map(layoutOf)].flat()))
    throw new Error('it is damaged');
  let at = numbersStart;
  const readTensors = (layout: readonly TensorLayout[]) =>
    layout.map(({ name, shape }) => {
      const bytes = file.subarray(at, (at += bytesOf([{ name, shape }])));
      return { name, shape, values: new Float32Array(new Uint8Array(bytes).buffer) }; // a copy: aligned
    });
  return {
    epochs,
    trainSeconds,
    peakBytes,
    tensors: readTensors(layout),
    tests,
    predictions,
    networks: networks.map((network) => ({
      epoch: network.epoch,
      tensors: readTensors(layoutOf(network)),
    })),
  };
}

/** Each of an epoch, and of tensors that the layout has. */
function areNetworks(
  value: unknown,
  epochs: readonly EpochRecord[],
  layout: readonly TensorLayout[],
): value is Header['networks'] {
  return (
    Array.isArray(value) &&
    value.every((network: Partial<Header['networks'][number]> | null) => {
      const { epoch, tensors } = network ?? {};
      const isCount = Number.isSafeInteger(tensors) && tensors! > 0 && tensors! <= layout.length;
      return isCount && epochs.some((known) => known.epoch === epoch);
    })
  );
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
