import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { RunnerError } from '../../diagnostics/runner-error.js';
import type { OwnImage } from '../own/own-dataset.js';
import type { DecodeAnswer, DecodeBatch, DecodeItem, DecodeRefusal } from './decode-process.js';
import { PixelSums } from './pixel-sums.js';
import type { Target } from './decode-image.js';

const decodeProcess = fileURLToPath(new URL('../../../dist/data/pack/decode-process.js', import.meta.url));

/** Images that a process gets at once: few where they are large, so that all processes end together. */
const largestBatch = 64;
const pixelsOfBatch = 50_000_000;

export interface DecodeRequest {
  readonly images: readonly OwnImage[];
  readonly target: Target;
  /** The file, of its full length. */
  readonly output: string;
  readonly rowBytes: number;
  /** Of the data set, and where it is: for people. */
  readonly title: string;
  readonly folder: string;
  readonly onProgress: (done: number) => void;
  /** Ends it at once. */
  readonly signal: AbortSignal | undefined;
}

export interface Decoded {
  readonly bad: readonly (readonly [image: OwnImage, why: string])[];
  readonly sums: PixelSums;
}

/**
 * Decodes images into the rows of a file, on all cores, and goes on behind images that cannot be decoded.
 * Where it fails, all processes have ended when it says so: none writes any more.
 * @throws RunnerError `data-changed`; what the disk says; the signal's reason
 */
export async function decodeFiles(request: DecodeRequest): Promise<Decoded> {
  const { images, target, output, rowBytes, title, folder, onProgress, signal } = request;
  const batches = listBatches(images);
  const bad: [OwnImage, string][] = [];
  const sums = new PixelSums(target.channels);
  let next = 0;
  let done = 0;
  const children = new Set<ChildProcess>();
  const stop = () => {
    next = batches.length;
    for (const child of children) child.kill('SIGKILL');
  };
  const work = async (): Promise<void> => {
    const child = fork(decodeProcess, [], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      execArgv: [],
    });
    children.add(child);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const said: Buffer[] = [];
    child.stderr!.on('data', (piece: Buffer) => said.push(piece));
    try {
      while (next < batches.length) {
        const { first, length } = batches[next++]!;
        const own = images.slice(first, first + length);
        const batch: DecodeBatch = { target, output, firstRow: first, rowBytes, items: own.map(toItem) };
        const answer = await ask(child, batch, () => Buffer.concat(said).toString());
        if (answer.changed.length > 0) {
          const path = own[answer.changed[0]!]!.name;
          throw new RunnerError([{ kind: 'environment', reason: 'data-changed', title, path, folder }]);
        }
        for (const [index, why] of answer.bad) bad.push([own[index]!, why]);
        sums.merge(answer);
        onProgress((done += length));
      }
    } catch (error) {
      stop();
      throw error;
    } finally {
      children.delete(child);
      if (child.connected) child.disconnect();
      child.kill('SIGKILL');
      if (child.pid !== undefined) await ended;
    }
  };
  const processes = Math.min(availableParallelism(), batches.length);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', stop, { once: true });
  const ends = await Promise.allSettled(Array.from({ length: processes }, work));
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((error) => !(error instanceof KilledError)) ?? failures[0];
  return { bad, sums };
}

function listBatches(images: readonly OwnImage[]): { first: number; length: number }[] {
  const batches: { first: number; length: number }[] = [];
  for (let first = 0; first < images.length;) {
    let [length, pixels] = [0, 0];
    while (
      length < largestBatch &&
      first + length < images.length &&
      (length === 0 || pixels < pixelsOfBatch)
    ) {
      const { width, height } = images[first + length++]!;
      pixels += width * height;
    }
    batches.push({ first, length });
    first += length;
  }
  return batches;
}

function toItem({ from, sha256, width, height }: OwnImage): DecodeItem {
  if (!('file' in from)) throw new Error('Expected an image in a file of its own');
  return { file: from.file, traits: from.traits, sha256, width, height };
}

/** A process has ended without an answer: by itself, or since another one failed. */
class KilledError extends Error {}

/** One batch, one answer. @throws KilledError; what the disk says */
function ask(child: ChildProcess, batch: DecodeBatch, said: () => string): Promise<DecodeAnswer> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null, signal: string | null) =>
      reject(
        new KilledError(
          `the process that decodes images ended (${signal ?? code}), at one of ${batch.items[0]!.file} …\n${said()}`,
        ),
      );
    const fail = (error: Error) => reject(error);
    child.once('exit', end);
    child.once('error', fail);
    child.once('message', (answer) => {
      child.off('exit', end);
      child.off('error', fail);
      const { refusal } = answer as { readonly refusal?: DecodeRefusal };
      if (refusal) reject(Object.assign(new Error(refusal.message), { code: refusal.code }));
      else resolve(answer as DecodeAnswer);
    });
    child.send(batch);
  });
}
