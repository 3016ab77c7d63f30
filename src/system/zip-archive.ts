import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, pipeline as connect } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { count } from '../diagnostics/count.js';

export interface ZipEntry {
  readonly name: string;
  /** Bytes of the unpacked content. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: 'stored' | 'deflated';
  /** Unix permissions. */
  readonly mode: number;
  readonly headerOffset: number;
}

/**
 * A zip without encryption or spanning, under 4 GiB, such as a wheel. Entries are unpacked as streams, because one
 * of TensorFlow's is 0.8 GB; what is wrong with the file is thrown as an Error.
 */
export class ZipArchive {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    readonly entries: readonly ZipEntry[],
  ) {}

  static async open(path: string): Promise<ZipArchive> {
    const file = await open(path);
    try {
      return new ZipArchive(path, file, await readDirectory(file, path));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The unpacked content of an entry, of the size that the archive says and no other. */
  async *read(entry: ZipEntry): AsyncGenerator<Buffer> {
    const start = await this.contentOffset(entry);
    await requireWithin(this.file, start + entry.compressedSize);
    const end = start + entry.compressedSize - 1;
    const packed =
      entry.compressedSize === 0
        ? Readable.from([])
        : createReadStream(this.path, { start, end, highWaterMark: 1 << 20 });
    const chunks: AsyncIterable<Buffer> =
      entry.method === 'stored'
        ? packed
        : connect(packed, createInflateRaw({ chunkSize: 1 << 20 }), () => {}); // an error ends what it returns
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > entry.size) throw wrongSize(entry, 'more');
      yield chunk;
    }
    if (size !== entry.size) throw wrongSize(entry, size);
  }

  /** Writes an entry to a file and returns the SHA-256 of its content. */
  async extract(entry: ZipEntry, path: string): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    const hash = createHash('sha256');
    const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(this.read(entry), hashed, createWriteStream(path, { mode: entry.mode || 0o644 }));
    return hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async contentOffset({ headerOffset }: ZipEntry): Promise<number> {
    const header = await readAt(this.file, headerOffset, 30);
    return headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  }
}

function wrongSize({ name, size }: ZipEntry, got: number | 'more'): Error {
  return new Error(`Expected ${name} to have ${count(size, 'byte')}, got ${got}`);
}

async function readDirectory(file: FileHandle, path: string): Promise<ZipEntry[]> {
  const { size: fileSize } = await file.stat();
  const tailSize = Math.min(fileSize, 65_557); // the end record with the longest comment
  const tail = await readAt(file, fileSize - tailSize, tailSize);
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > tail.length) throw new Error(`Expected ${path} to be a zip archive`);
  const count = tail.readUInt16LE(end + 10);
  const size = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (offset === 0xffff_ffff) throw new Error(`Expected ${path} to be a zip archive under 4 GiB`);
  const directory = await readAt(file, offset, size);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x0201_4b50)
      throw new Error(`The directory of ${path} is damaged`);
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const method = directory.readUInt16LE(at + 10);
    if (method !== 0 && method !== 8) throw new Error(`${name} in ${path} is compressed by method ${method}`);
    entries.push({
      name,
      size: directory.readUInt32LE(at + 24),
      compressedSize: directory.readUInt32LE(at + 20),
      method: method === 0 ? 'stored' : 'deflated',
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  await requireWithin(file, position + length); // Node ends the program where it is to read more than 2 GiB at once
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('The zip archive is cut short');
  return buffer;
}

async function requireWithin(file: FileHandle, end: number): Promise<void> {
  if (end > (await file.stat()).size) throw new Error('The zip archive is cut short');
}
