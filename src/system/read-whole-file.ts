import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';

const readAsync = promisify(read);

/**
 * All bytes of a regular file, in one request of the system, made before this returns. `readFile` of node:fs asks for half
 * a megabyte at a time, and each time waits until the thread of JavaScript is free.
 */
export async function readWholeFile(path: string): Promise<Uint8Array> {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow(fstatSync(descriptor).size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await readAsync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) break; // it was cut meanwhile
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}
