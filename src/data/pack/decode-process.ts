/**
 * Decodes images into a pack's files, in a process of its own: a core decodes twice as many beside another process as in
 * a second thread, since the threads of one process wait for its allocator. It gets batches by IPC and answers each.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { decodeImage, type Target } from './decode-image.js';
import { PixelSums } from './pixel-sums.js';
import { writeFully } from './write-fully.js';
import { leaveTerminalToParent } from '../../system/signals.js';
import { explainFailure } from '../own/describe-image.js';

export interface DecodeItem {
  readonly file: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly traits: string;
}

/** Images whose rows follow each other in a file. */
export interface DecodeBatch {
  readonly target: Target;
  readonly output: string;
  /** Of the first image, in the file. */
  readonly firstRow: number;
  readonly rowBytes: number;
  readonly items: readonly DecodeItem[];
}

export interface DecodeAnswer {
  /** By place in the batch: why an image cannot be decoded. */
  readonly bad: readonly (readonly [index: number, why: string])[];
  /** By place in the batch: the file is another than the plan was made with. */
  readonly changed: readonly number[];
  /** Of each channel of the decoded images: the sum of their values, and of the squares. */
  readonly sums: number[];
  readonly squares: number[];
}

/** The disk refuses, which is nothing that an image can be blamed for. */
export interface DecodeRefusal {
  readonly code: string | undefined;
  readonly message: string;
}

const imagesInFlight = 2; // one is read and written while another is decoded

async function decodeBatch({
  target,
  output,
  firstRow,
  rowBytes,
  items,
}: DecodeBatch): Promise<DecodeAnswer> {
  const bad: [number, string][] = [];
  const changed: number[] = [];
  const pixelSums = new PixelSums(target.channels);
  const descriptor = openSync(output, 'r+');
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      const item = items[index]!;
      let content: Buffer = Buffer.alloc(0);
      try {
        content = readFileSync(item.file);
      } catch {
        changed.push(index);
        continue;
      }
      if (createHash('sha256').update(content).digest('hex') !== item.sha256) {
        changed.push(index);
        continue;
      }
      try {
        const pixels = await decodeImage(content, item, target);
        pixelSums.add(pixels);
        writeFully(descriptor, pixels, (firstRow + index) * rowBytes);
      } catch (error) {
        if (isOfSystem(error)) throw error;
        bad.push([index, explainFailure(content, error)]);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: imagesInFlight }, work));
  } finally {
    closeSync(descriptor);
  }
  const { sums, squares } = pixelSums;
  return { bad, changed, sums, squares };
}

/** A full disk is no damaged image. */
const isOfSystem = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

process.on('message', (batch: DecodeBatch) => {
  decodeBatch(batch).then(
    (answer) => process.send!(answer),
    (error: unknown) => {
      if (!isOfSystem(error)) {
        console.error(error);
        process.exit(1);
      }
      const { code, message } = error as NodeJS.ErrnoException;
      process.send!({ refusal: { code, message } });
    },
  );
});
leaveTerminalToParent();
process.on('disconnect', () => process.exit(0));
