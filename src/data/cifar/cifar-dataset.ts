import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { count } from '../../diagnostics/count.js';
import { readWholeFile } from '../../system/read-whole-file.js';
import { renamePath } from '../../system/rename-path.js';
import { tarEntries } from '../../system/tar-entries.js';
import type { Dataset, LoadedImages } from '../dataset.js';
import { corruptFile } from '../find/corrupt-file.js';
import type { DataSources } from '../find/find-data.js';
import { publishedDataset } from '../find/published-dataset.js';
import { verifyPublishedFile, type PublishedFile } from '../find/published-file.js';
import { channels, cifarSize, decodeCifar, side, type CifarFormat } from './decode-cifar.js';

const gunzipAsync = promisify(gunzip);

export interface CifarDatasetOptions
  extends Pick<Dataset, 'name' | 'title' | 'classes'>, Pick<DataSources, 'upstream'> {
  readonly trainFiles: readonly CifarFile[];
  readonly testFiles: readonly CifarFile[];
  readonly labelBytes: CifarFormat['labelBytes'];
  /** Of the binary version, gzipped tar. */
  readonly archive: PublishedFile;
}

export interface CifarFile {
  /** In the archive, without its folder. */
  readonly name: string;
  readonly images: number;
  readonly sha256: string;
}

/** CIFAR-10 or CIFAR-100 (Krizhevsky 2009) in their binary version: its files, or the archive that holds them. */
export function cifarDataset(options: CifarDatasetOptions): Dataset {
  const { trainFiles, testFiles, labelBytes, archive, upstream, ...names } = options;
  const { name, title, classes } = names;
  const files = [...trainFiles, ...testFiles];
  const format: CifarFormat = { labelBytes, classes: classes.length };
  const missingFiles = (directory: string) => files.filter((file) => !existsSync(join(directory, file.name)));

  /** All files of a folder, or of its archive. @throws RunnerError `data-corrupt` */
  const readFiles = async (directory: string): Promise<ReadonlyMap<string, Uint8Array>> => {
    if (missingFiles(directory).length > 0) return readArchive(join(directory, archive.name));
    const read = files.map(async (file) => [file.name, await readPlain(directory, file)] as const);
    return new Map(await Promise.all(read));
  };
  const readPlain = async (directory: string, file: CifarFile): Promise<Uint8Array> => {
    const path = join(directory, file.name);
    const [found, expected] = [await stat(path), cifarSize(file.images, format)];
    if (!found.isFile()) throw corruptFile(title, path, 'it is not a regular file');
    if (found.size === expected) return readWholeFile(path);
    throw corruptFile(title, path, `it has ${count(found.size, 'byte')}, expected ${expected}`);
  };
  const readArchive = async (path: string): Promise<ReadonlyMap<string, Uint8Array>> => {
    const limit = 2 * files.reduce((sum, file) => sum + cifarSize(file.images, format), 2 ** 20); // against bombs
    try {
      const bytes = await gunzipAsync(await readWholeFile(path), { maxOutputLength: limit });
      const found = new Map(tarEntries(bytes).map((entry) => [basename(entry.name), entry.content]));
      const missing = files.filter((file) => !found.has(file.name));
      if (missing.length > 0) throw new Error(`it lacks ${missing.map((file) => file.name).join(', ')}`);
      return found;
    } catch (error) {
      throw corruptFile(title, path, (error as Error).message);
    }
  };
  const decode = (
    directory: string,
    contents: ReadonlyMap<string, Uint8Array>,
    part: readonly CifarFile[],
  ): LoadedImages => {
    const decoded = part.map((file) => {
      try {
        return decodeCifar(contents.get(file.name)!, file.images, format);
      } catch (error) {
        throw corruptFile(title, join(directory, file.name), (error as Error).message);
      }
    });
    return {
      images: concatenate(decoded.map(({ images }) => images)),
      labels: concatenate(decoded.map(({ labels }) => labels)),
    };
  };
  const countOf = (part: readonly CifarFile[]) => ({
    count: part.reduce((sum, { images }) => sum + images, 0),
  });
  const facts = {
    ...names,
    train: countOf(trainFiles),
    test: countOf(testFiles),
    shape: [side, side, channels] as const,
    mean: null,
    deviation: null,
  };
  const sources = {
    contents: 'archive',
    directoryVariable: `${name.toUpperCase().replaceAll('-', '_')}_DIR`,
    cacheFolder: name,
    missingFrom: (directory: string) => {
      const missing = missingFiles(directory);
      if (missing.length === 0 || existsSync(join(directory, archive.name))) return [];
      return missing.length === files.length ? [archive.name] : missing.map((file) => file.name);
    },
    files: [archive],
    upstream,
    debian: null,
    unpack: async (directory: string) => {
      if (missingFiles(directory).length > 0) {
        const contents = await readFiles(directory);
        for (const file of files) {
          const path = join(directory, file.name);
          await writeFile(`${path}.tmp`, contents.get(file.name)!);
          await renamePath(`${path}.tmp`, path);
        }
      }
      await rm(join(directory, archive.name));
    },
  };
  return publishedDataset(facts, sources, {
    sha256: createHash('sha256')
      .update(files.map((file) => file.sha256).join(''))
      .digest('hex'),
    verify: async (directory) => {
      if (missingFiles(directory).length > 0) return verifyPublishedFile(title, directory, archive);
      for (const file of files)
        await verifyPublishedFile(title, directory, { ...file, bytes: cifarSize(file.images, format) });
    },
    load: async (directory) => {
      const contents = await readFiles(directory);
      return {
        train: decode(directory, contents, trainFiles),
        val: null,
        test: decode(directory, contents, testFiles),
      };
    },
  });
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
