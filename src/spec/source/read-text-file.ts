import { isUtf8 } from 'node:buffer';
import { fstatSync } from 'node:fs';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStandardInput } from '../../system/descriptor-path.js';
import { identityOf } from '../../system/file-identity.js';

/**
 * Bytes that an experiment file may have: 100,000 values, as many as a plan has trials at most, take some 700 kB.
 * The YAML library needs up to 0.6 kB of memory and 4 microseconds for each byte.
 */
export const maximumBytes = 1_000_000;

/** Milliseconds that a pipe is waited for: until somebody opens it for writing, and between two pieces of text. */
const patience = { writer: 1_000, text: 30_000 };

export interface TextFile {
  readonly text: string;
  /** As `fileIdentity` has it; null for a pipe. */
  readonly identity: string | null;
}

/** In words, why a file is none that can be read. */
export interface Unreadable {
  readonly detail: string;
}

/**
 * Reads a file of UTF-8 text.
 * @param named by the user, who may also name a pipe, or standard input (`-`, `/dev/stdin`)
 * @throws the file system's errors
 */
export async function readTextFile(
  path: string,
  named: boolean,
  { writer, text } = patience,
): Promise<TextFile | Unreadable> {
  if (named && isStandardInput(path)) return (standardInput ??= readStandardInput());
  // Opened without waiting: a pipe that nobody writes to would never open.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat({ bigint: true });
    if (found.isDirectory()) return { detail: 'it is a folder' };
    if (found.isFIFO() && named) {
      const bytes = await readPipe(file, { writer, text });
      return 'detail' in bytes ? bytes : decode(bytes, null);
    }
    if (!found.isFile()) return { detail: 'it is not a regular file' };
    // Not by its size: it may grow, and /proc has none.
    return decode(await readUpTo(maximumBytes + 1, (...at) => file.read(...at)), identityOf(found));
  } finally {
    await file.close();
  }
}

/** It can be read once; who asks again has the same text. */
let standardInput: Promise<TextFile | Unreadable> | undefined;

async function readStandardInput(): Promise<TextFile | Unreadable> {
  const found = fstatSync(0, { bigint: true });
  if (found.isDirectory()) return { detail: 'it is a folder' }; // of which Node makes an empty text
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maximumBytes) break;
  }
  return decode(Buffer.concat(chunks), identityOf(found));
}

/** A pipe opened without waiting says at each reading what it has: text, nothing yet, or that nobody writes to it. */
async function readPipe(file: FileHandle, limits: typeof patience): Promise<Buffer | Unreadable> {
  let began = false;
  let since = performance.now();
  let refusal: string | null = null;
  const bytes = await readUpTo(maximumBytes + 1, async (...at) => {
    for (;;) {
      const read = await file.read(...at).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        return null; // somebody has it open, and has written nothing yet
      });
      if (read && (read.bytesRead > 0 || began)) {
        began = true;
        since = performance.now();
        return read;
      }
      const [limit, detail] = read
        ? [limits.writer, 'it is a pipe that nobody writes to']
        : [limits.text, `it is a pipe to which nothing was written for ${limits.text / 1000} s`];
      if (performance.now() - since > limit) {
        refusal = detail;
        return { bytesRead: 0 };
      }
      await sleep(5);
    }
  });
  return refusal === null ? bytes : { detail: refusal };
}

async function readUpTo(
  limit: number,
  read: (buffer: Buffer, offset: number, length: number) => Promise<{ readonly bytesRead: number }>,
): Promise<Buffer> {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await read(buffer, length, limit - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** A byte order mark stays: places count from the start of the file. */
function decode(bytes: Buffer, identity: string | null): TextFile | Unreadable {
  if (bytes.length > maximumBytes)
    return { detail: `it is larger than ${maximumBytes / 1e6} MB, more than an experiment needs` };
  const start = bytes.toString('latin1', 0, 2);
  if (start === '\xFF\xFE' || start === '\xFE\xFF') return { detail: 'it is UTF-16 text; save it as UTF-8' };
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { detail: `line ${lineOfFirst(text, '\uFFFD')} is not UTF-8` };
  const nul = text.indexOf('\0');
  return nul === -1
    ? { text, identity }
    : { detail: `line ${lineOfFirst(text, '\0')} has a NUL character, so it is not text` };
}

function lineOfFirst(text: string, character: string): number {
  return text.slice(0, text.indexOf(character)).split('\n').length;
}
