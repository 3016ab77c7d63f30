import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../../diagnostics/runner-error.js';
import { moveAway } from '../../system/cache-lock.js';
import { cacheDirectory } from '../../system/cache-directory.js';
import { findPython } from './find-tool.js';
import {
  findDamage,
  hashFile,
  readManifest,
  recordFile,
  writeManifest,
  type FileRecord,
} from './manifest.js';
import { runCommand } from '../../system/run-command.js';
import { tensorflowVersion, wheelSets, type Wheel, type WheelSet } from './wheels.js';
import { ZipArchive } from '../../system/zip-archive.js';
import { count } from '../../diagnostics/count.js';

/** TensorFlow's C library: a folder with lib/ and include/, and with CUDA's libraries in nvidia/ for a GPU. */
export interface Libtensorflow {
  readonly directory: string;
  /** Full names of the libraries in the order of linking. */
  readonly libraries: readonly string[];
  /** False for one that the user gave. */
  readonly ours: boolean;
}

// The C headers that the binding includes, directly or not; all headers would be 11,000 files.
const headers =
  /^tensorflow\/(include\/(?:tensorflow\/c|tensorflow\/core\/platform|tensorflow\/core\/common_runtime\/next_pluggable_device\/c|tsl\/platform|xla\/tsl\/c)\/.+\.h)$/;
const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
// CUDA's libraries and compiler, without headers and static libraries.
const cuda = /^(nvidia\/(?!.*\/include\/).+)(?<!\.a|\.py)$/;

interface LibraryManifest {
  readonly tensorflowVersion: string;
  readonly wheels: readonly Wheel[];
  /** Which headers were unpacked: an earlier version of this program took fewer. */
  readonly headers: string;
  readonly files: readonly FileRecord[];
}

/** Where the downloaded library of a build lies, or will lie. */
export function downloadedLibrary(build: 'cpu' | 'gpu'): Libtensorflow {
  const directory = join(cacheDirectory(), `libtensorflow-${tensorflowVersion}-${build}-${process.arch}`);
  const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  return { directory, libraries: libraries.map((name) => join(directory, 'lib', name)), ours: true };
}

/**
 * The library that the user gave, either as in TensorFlow's wheel (cc and framework) or as in its C releases.
 * @throws RunnerError `bad-libtensorflow`
 */
export async function givenLibrary(path: string): Promise<Libtensorflow> {
  const directory = await realpath(path).catch(() => path);
  const find = (names: readonly string[]): string | undefined =>
    names.map((name) => join(directory, 'lib', name)).find((file) => existsSync(file));
  // The framework library exports symbols of a compiler that break kernels built at run time when it comes
  // first, hence the order.
  const main = find(['libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow.so']);
  const framework = find(['libtensorflow_framework.so.2', 'libtensorflow_framework.so']);
  const header = join(directory, 'include', 'tensorflow', 'c', 'c_api.h');
  const missing = [
    ...(main === undefined ? ['lib/libtensorflow_cc.so.2 (or lib/libtensorflow.so.2)'] : []),
    ...(framework === undefined ? ['lib/libtensorflow_framework.so.2'] : []),
    ...(existsSync(header) ? [] : ['include/tensorflow/c/c_api.h']),
  ];
  if (main === undefined || framework === undefined || missing.length > 0) {
    throw new RunnerError([{ kind: 'environment', reason: 'bad-libtensorflow', path, missing }]);
  }
  return { directory, libraries: [main, framework], ours: false };
}

/** What is wrong with the library's files, or null. A library that the user gave is only looked at for existence. */
export async function findLibraryDamage(
  { directory, ours }: Libtensorflow,
  options: { hashes: boolean },
): Promise<string | null> {
  if (!ours) return null;
  const manifest = await readManifest<LibraryManifest>(directory);
  if (manifest === null) return `${directory} is missing`;
  if (manifest.headers !== headers.source)
    return `${directory} lacks headers, an earlier version unpacked it`;
  return findDamage(directory, manifest.files, options);
}

/** Folders of CUDA's libraries, for the dynamic linker; none without a GPU build. */
export function cudaLibraryFolders({ directory }: Libtensorflow): string[] {
  const nvidia = join(directory, 'nvidia');
  if (!existsSync(nvidia)) return [];
  const folders = readdirSync(nvidia).sort();
  return folders.map((name) => join(nvidia, name, 'lib')).filter((folder) => existsSync(folder));
}

/** CUDA's compiler of PTX and its device library, which TensorFlow needs for kernels built at run time. */
export function cudaDirectory({ directory }: Libtensorflow): string | null {
  const folder = join(directory, 'nvidia', 'cuda_nvcc');
  return existsSync(folder) ? folder : null;
}

/**
 * Downloads a build's wheels with pip, unpacks what is needed of them and puts it into its place. Needs the lock of the
 * engine. pip serves because it knows the user's index, proxy and certificates; the local version of Python does not
 * matter. No wheel is opened before its hash is known to be right.
 * @throws RunnerError
 */
export async function downloadLibrary(
  build: 'cpu' | 'gpu',
  workDirectory: string,
  onProgress: (line: string) => void,
): Promise<void> {
  const set = wheelSets[build === 'gpu' ? 'gpu-x64' : process.arch === 'arm64' ? 'cpu-arm64' : 'cpu-x64'];
  const { directory } = downloadedLibrary(build);
  const prepared = join(workDirectory, 'libtensorflow');
  await rm(prepared, { recursive: true, force: true });
  const downloads = await pipDownload(set, workDirectory, onProgress);
  await checkHashes(set, downloads);
  const files: FileRecord[] = [];
  for (const { name, path } of downloads) {
    onProgress(`Unpacking ${name}`);
    const archive = await ZipArchive.open(path);
    try {
      files.push(...(await unpack(archive, prepared)));
    } finally {
      await archive.close();
    }
    await rm(path);
  }
  await writeManifest(prepared, {
    tensorflowVersion,
    wheels: set.wheels,
    headers: headers.source,
    files,
  } satisfies LibraryManifest);
  await moveAway(directory, workDirectory);
  await rename(prepared, directory);
}

/** @throws RunnerError `engine-checksum` where a file is not the wheel that it is named as */
async function checkHashes({ wheels }: WheelSet, downloads: readonly Download[]): Promise<void> {
  for (const { name: file, path } of downloads) {
    const actual = await hashFile(path);
    const wheel = wheels.find(({ package: name, version }) =>
      file.startsWith(`${name.replaceAll('-', '_')}-${version}-`),
    );
    if (wheel?.sha256 === actual) continue;
    const expected = wheel?.sha256 ?? 'that of a wheel of this build';
    throw new RunnerError([{ kind: 'environment', reason: 'engine-checksum', file, expected, actual }]);
  }
}

/** Where an entry of a wheel goes, below the library's folder; null for what is not needed. */
function placeOf(entry: string): string | null {
  const name = library.exec(entry)?.[1];
  if (name !== undefined) return `lib/${name}`;
  return headers.exec(entry)?.[1] ?? cuda.exec(entry)?.[1] ?? null;
}

/** Unpacks what has a place; returns the records of what is not a header. */
async function unpack(archive: ZipArchive, directory: string): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for (const entry of archive.entries) {
    const path = entry.name.endsWith('/') ? null : placeOf(entry.name);
    if (path === null || path.split('/').includes('..')) continue;
    const sha256 = await archive.extract(entry, join(directory, path));
    if (!path.endsWith('.h')) records.push(await recordFile(directory, path, sha256));
  }
  return records;
}

interface Download {
  readonly name: string;
  readonly path: string;
}

async function pipDownload(
  { wheels, platforms, bytes: expectedBytes }: WheelSet,
  workDirectory: string,
  onProgress: (line: string) => void,
): Promise<Download[]> {
  const requirements = wheels.map(({ package: name, version }) => `${name}==${version}`);
  const python = await findPython();
  if (python.command === null) {
    throw new RunnerError([{ kind: 'environment', reason: 'missing-python', tried: python.tried }]);
  }
  const wheelDirectory = join(workDirectory, 'wheels');
  const temporary = join(workDirectory, 'pip');
  for (const folder of [wheelDirectory, temporary]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
  const others = requirements.length - 1;
  const subject =
    others === 0 ? requirements[0]! : `${requirements[0]} and ${count(others, 'package')} of CUDA`;
  const stopWatching = watchSize([wheelDirectory, temporary], (bytes) => {
    // pip copies the file when it has all of it, so that the folders may hold more than there is to come.
    if (bytes < expectedBytes)
      onProgress(`Downloading ${subject}: ${megabytes(bytes)} of ${megabytes(expectedBytes)} MB`);
  });
  onProgress(`Downloading ${subject} (${megabytes(expectedBytes)} MB) with pip`);
  const selection = ['--no-deps', '--only-binary=:all:', '--python-version', '3.11'];
  selection.push(
    '--implementation',
    'cp',
    '--abi',
    'cp311',
    ...platforms.flatMap((name) => ['--platform', name]),
  );
  const quiet = [
    '--quiet',
    '--progress-bar',
    'off',
    '--no-input',
    '--no-cache-dir',
    '--disable-pip-version-check',
  ];
  const result = await runCommand(
    python.command,
    ['-m', 'pip', 'download', ...quiet, ...selection, '--dest', wheelDirectory, ...requirements],
    { env: { ...process.env, TMPDIR: temporary } },
  );
  stopWatching();
  if (result.code !== 0) {
    if (/No module named '?pip/.test(result.output)) {
      const { output } = result;
      throw new RunnerError([{ kind: 'environment', reason: 'missing-pip', python: python.command, output }]);
    }
    throw new RunnerError([
      {
        kind: 'environment',
        reason: 'engine-download-failed',
        requirement: requirements.join(' '),
        command: [python.command, '-m', 'pip', 'download', ...selection, ...requirements].join(' '),
        output: result.output,
      },
    ]);
  }
  const names = (await readdir(wheelDirectory)).filter((name) => name.endsWith('.whl')).sort();
  return names.map((name) => ({ name, path: join(wheelDirectory, name) }));
}

/** Reports the size of folders while they grow: after 10 s at the latest, or every 50 MB. */
function watchSize(folders: readonly string[], report: (bytes: number) => void): () => void {
  let reported = 0;
  let reportedAt = Date.now();
  const timer = setInterval(() => {
    void Promise.all(folders.map(folderSize)).then((sizes) => {
      const bytes = sizes.reduce((a, b) => a + b, 0);
      const grown = bytes - reported;
      if (grown <= 0 || (grown < 50e6 && Date.now() - reportedAt < 10_000)) return;
      reported = bytes;
      reportedAt = Date.now();
      report(bytes);
    });
  }, 1000).unref();
  return () => clearInterval(timer);
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) =>
      stat(join(folder, entry)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((a, b) => a + b, 0);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
