/** A file in a tar archive. */
export interface TarEntry {
  /** With its folders. */
  readonly name: string;
  /** A view of the archive's bytes, not a copy. */
  readonly content: Uint8Array;
}

const block = 512; // bytes

/**
 * The files of a tar archive (POSIX ustar), whose contents are known to be small enough for the memory. Names of more than
 * 100 bytes, in the extensions of pax and GNU, are not read: their files have cut names.
 * @throws Error that says what is wrong with the bytes
 */
export function tarEntries(archive: Uint8Array): TarEntry[] {
  const text = new TextDecoder('latin1');
  const field = (at: number, length: number) =>
    text.decode(archive.subarray(at, at + length)).split('\0', 1)[0]!;
  const entries: TarEntry[] = [];
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const size = octal(field(at + 124, 12));
    if (Number.isNaN(size) || octal(field(at + 148, 8)) !== checksum(archive.subarray(at, at + block)))
      throw new Error(`the tar header at byte ${at} is damaged`);
    const start = at + block;
    if (start + size > archive.length) throw new Error('the tar archive is cut short');
    // GNU's own form ends the magic with a space, and has other things here.
    const prefix = field(at + 257, 6) === 'ustar' ? field(at + 345, 155) : '';
    const isFile = ['0', ''].includes(field(at + 156, 1));
    const name = prefix === '' ? field(at, 100) : `${prefix}/${field(at, 100)}`;
    if (isFile) entries.push({ name, content: archive.subarray(start, start + size) });
    at = start + Math.ceil(size / block) * block;
  }
  return entries;
}

/** NaN where it is no number, or a negative one. */
const octal = (digits: string): number =>
  /^[ 0-7]*$/.test(digits) ? parseInt(digits.trim() || '0', 8) : NaN;

/** Of a header: the sum of its bytes, those of the checksum itself counted as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}
