import { isUtf8 } from 'node:buffer';
import { constants, open, type FileHandle } from 'node:fs/promises';

/**
 * Bytes that an experiment file may have: 100,000 values, as many as a plan has trials at most, take some 700 kB.
 * The YAML library needs up to 0.6 kB of memory and 4 microseconds for each byte.
 */
export const maximumBytes = 1_000_000;

/**
 * Reads a file of UTF-8 text.
 * @returns the text, or in words why it is none that can be read
 * @throws the file system's errors
 */
export async function readTextFile(path: string): Promise<{ text: string } | { detail: string }> {
  // Opened without waiting: a pipe that nobody writes to would never open.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (found.isDirectory()) return { detail: 'it is a folder' };
    if (!found.isFile()) return { detail: 'it is not a regular file' };
    const bytes = await readUpTo(file, maximumBytes + 1); // not by its size: it may grow, and /proc has none
    if (bytes.length > maximumBytes)
      return { detail: `it is larger than ${maximumBytes / 1e6} MB, more than an experiment needs` };
    return decode(bytes);
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, limit: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await file.read(buffer, length, limit - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** A byte order mark stays: places count from the start of the file. */
function decode(bytes: Buffer): { text: string } | { detail: string } {
  const start = bytes.toString('latin1', 0, 2);
  if (start === '\xFF\xFE' || start === '\xFE\xFF') return { detail: 'it is UTF-16 text: save it as UTF-8' };
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { detail: `line ${lineOfFirst(text, '\uFFFD')} is not UTF-8` };
  const nul = text.indexOf('\0');
  return nul === -1
    ? { text }
    : { detail: `line ${lineOfFirst(text, '\0')} has a NUL character: it is no text` };
}

function lineOfFirst(text: string, character: string): number {
  return text.slice(0, text.indexOf(character)).split('\n').length;
}
