import { writeSync } from 'node:fs';

/** Writes all bytes at a place: a disk that becomes full takes a part, and refuses the next write only. */
export function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}
