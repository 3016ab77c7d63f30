import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from '../diagnostics/runner-error.js';
import { compileBinding, hashBindingSource, requireVendor } from '../engines/tensorflow/compile-binding.js';
import { cacheDirectory } from '../system/cache-directory.js';
import { moveAway, withCacheLock } from '../system/cache-lock.js';
import { chooseEngine, type Devices, type EngineChoice, type EngineRequest } from './choose-engine.js';
import type { EngineFamily } from './choose-family.js';
import { wasmEngine } from '../engines/wasm/provision-wasm.js';
import { detectMachine, type Machine } from './detect-machine.js';
import type { InstructionSet } from '../engines/tensorflow/instruction-set.js';
import {
  cudaDirectory,
  cudaLibraryFolders,
  downloadedLibrary,
  downloadLibrary,
  findLibraryDamage,
  givenLibrary,
  type Libtensorflow,
} from '../engines/tensorflow/libtensorflow.js';
import {
  findDamage,
  hashFile,
  readManifest,
  recordFile,
  writeManifest,
  type FileRecord,
} from '../engines/tensorflow/manifest.js';
import { verifyEngine, type Verification } from '../engines/tensorflow/verify-engine.js';
import { tensorflowVersion } from '../engines/tensorflow/wheels.js';

export interface ProvisionedEngine {
  readonly family: EngineFamily;
  /** Of TensorFlow, or what WebAssembly's module needs. */
  readonly build: 'cpu' | 'gpu' | 'simd128';
  /** Why this build was taken, for people. */
  readonly why: string;
  /** Null of another family. */
  readonly tensorflowVersion: string | null;
  readonly bindingPath: string;
  /** What its kernels are compiled for. */
  readonly instructionSet: InstructionSet['name'] | 'simd128';
  /** Entries of LD_LIBRARY_PATH; none where the variable is to be left alone. */
  readonly libraryPath: readonly string[];
  /** CUDA's own compiler for kernels built at run time; null on the CPU. */
  readonly cudaDirectory: string | null;
  readonly devices: Devices;
}

export interface ProvisionOptions {
  readonly engine: EngineRequest;
  /** A folder with lib/ and include/, used instead of a download. Default: RUNNER_LIBTENSORFLOW. */
  readonly libtensorflow?: string | undefined;
  readonly onProgress: (line: string) => void;
}

/** Where the parts of an engine lie, or will lie. */
export interface EngineLocation {
  readonly choice: EngineChoice;
  readonly library: Libtensorflow;
  /** What the binding's kernels are compiled for. */
  readonly instructionSet: InstructionSet;
  readonly directory: string;
  readonly bindingPath: string;
}

interface EngineManifest {
  readonly files: readonly FileRecord[];
  /** What the engine said when it was tried; null: nobody has, its processor is another machine's. */
  readonly verification: Verification | null;
}

/**
 * Finds the engine in the user's cache, or prepares it there: TensorFlow's C library out of its wheel, and the
 * binding compiled against it. The first start downloads 274 MB (CPU, x86-64) and compiles for some 15 s;
 * later ones look at sizes and times of change only. Several processes may do it at once: one works, the
 * others wait. What was prepared half-way is never used.
 *
 * The GPU build was downloaded, compiled and loaded on a machine without a GPU only: none was available to try
 * it on.
 * @throws RunnerError with the environment problem
 */
export async function provisionEngine(options: ProvisionOptions): Promise<ProvisionedEngine> {
  requireVendor();
  const { engine, libtensorflow } = options;
  if (engine === 'wasm') return wasmEngine('--engine wasm');
  const machine = await detectMachine();
  const location = await locateEngine(machine, { engine, libtensorflow });
  try {
    return await provisionAt(location, options.onProgress);
  } catch (error) {
    const detail = location.choice.build === 'gpu' && options.engine === 'auto' ? failureToLoad(error) : null;
    if (detail === null) throw error;
    await rememberGpuFailure(machine, detail);
    options.onProgress(`The GPU build does not work here: ${detail}. Using the CPU build.`);
    return provisionAt(await locateEngine(machine, { engine, libtensorflow }), options.onProgress);
  }
}

/** @throws RunnerError `unsupported-platform`, `no-gpu`, `bad-libtensorflow` */
export async function locateEngine(
  machine: Machine,
  {
    engine,
    libtensorflow,
  }: { readonly engine: Exclude<EngineRequest, 'wasm'>; readonly libtensorflow?: string | undefined },
): Promise<EngineLocation> {
  const choice = chooseEngine(machine, engine, await recallGpuFailure(machine));
  if ('reason' in choice) throw new RunnerError([choice]);
  const given = libtensorflow ?? (process.env.RUNNER_LIBTENSORFLOW || undefined);
  const library = given === undefined ? downloadedLibrary(choice.build) : await givenLibrary(given);
  const { instructionSet } = machine;
  const directory = join(cacheDirectory(), `engine-${await engineKey(choice, library, instructionSet)}`);
  return { choice, library, instructionSet, directory, bindingPath: join(directory, 'tfjs_binding.node') };
}

/** What is wrong with the parts of an engine, or null. `hashes`: by content, not by size and time only. */
export async function findEngineDamage(
  { directory, library }: EngineLocation,
  options: { hashes: boolean },
): Promise<string | null> {
  const manifest = await readManifest<EngineManifest>(directory);
  if (manifest === null) return 'not prepared yet';
  return (
    (await findDamage(directory, manifest.files, options)) ?? (await findLibraryDamage(library, options))
  );
}

/** The engine as prepared earlier; null where it is not, or is damaged. */
export async function openProvisionedEngine(location: EngineLocation): Promise<ProvisionedEngine | null> {
  if ((await findEngineDamage(location, { hashes: false })) !== null) return null;
  const manifest = await readManifest<EngineManifest>(location.directory);
  return manifest && describe(location, manifest.verification?.tensorflowVersion ?? tensorflowVersion);
}

/**
 * Opens an engine, or prepares it.
 * @param isTried false where this machine's processor does not run it: who opens it first on one that does tries it
 */
export async function provisionAt(
  location: EngineLocation,
  onProgress: (line: string) => void,
  isTried = true,
): Promise<ProvisionedEngine> {
  const ready = await openProvisionedEngine(location);
  if (ready) {
    if (isTried) await tryUntried(location, ready, onProgress);
    return ready;
  }
  const onWait = (pid: number) =>
    onProgress(`Another process (${pid}) is preparing the engine; waiting for it`);
  return withCacheLock('engine', onWait, async (workDirectory) => {
    const meanwhile = await openProvisionedEngine(location);
    if (meanwhile) return meanwhile;
    const { library, choice } = location;
    if ((await findLibraryDamage(library, { hashes: false })) !== null) {
      await downloadLibrary(choice.build, workDirectory, onProgress);
    }
    return buildEngine(location, workDirectory, onProgress, isTried);
  });
}

async function buildEngine(
  location: EngineLocation,
  workDirectory: string,
  onProgress: (line: string) => void,
  isTried: boolean,
): Promise<ProvisionedEngine> {
  const prepared = join(workDirectory, 'engine');
  const bindingPath = join(prepared, 'tfjs_binding.node');
  await rm(prepared, { recursive: true, force: true });
  await mkdir(prepared);
  const { library, instructionSet, choice } = location;
  onProgress(`Compiling the binding for ${instructionSet.name}`);
  await compileBinding(library, instructionSet, bindingPath);
  if (isTried) onProgress('Trying the engine');
  const engine = describe({ ...location, bindingPath }, tensorflowVersion);
  const verification = isTried ? await verifyEngine(engine) : null;
  const libraries = library.ours ? [] : library.libraries;
  const files = await Promise.all([
    recordFile(prepared, 'tfjs_binding.node', await hashFile(bindingPath)),
    ...libraries.map((path) => recordFile(prepared, path, null)),
  ]);
  await writeManifest(prepared, { files, verification } satisfies EngineManifest);
  await moveAway(location.directory, workDirectory);
  await rename(prepared, location.directory);
  const version = verification?.tensorflowVersion ?? tensorflowVersion;
  onProgress(`TensorFlow ${version} (${choice.build}, ${instructionSet.name}) is ready`);
  return describe(location, version);
}

/** Tries an engine that was compiled on a machine that could not. A cache that cannot be written keeps no verification. */
async function tryUntried(
  { directory }: EngineLocation,
  engine: ProvisionedEngine,
  onProgress: (line: string) => void,
): Promise<void> {
  const manifest = await readManifest<EngineManifest>(directory);
  if (manifest?.verification !== null) return;
  onProgress('Trying the engine, which was prepared on another machine');
  const verification = await verifyEngine(engine);
  await writeManifest(directory, { ...manifest, verification } satisfies EngineManifest).catch(() => {});
}

function describe(
  { choice, library, instructionSet, bindingPath }: EngineLocation,
  version: string,
): ProvisionedEngine {
  const gpu = choice.build === 'gpu';
  const inherited = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter((entry) => entry !== '');
  const folders = gpu ? cudaLibraryFolders(library) : [];
  return {
    family: 'tensorflow',
    build: choice.build,
    why: choice.why,
    tensorflowVersion: version,
    bindingPath,
    instructionSet: instructionSet.name,
    libraryPath: folders.length > 0 ? [...folders, ...inherited] : [],
    cudaDirectory: gpu ? cudaDirectory(library) : null,
    devices: choice.devices,
  };
}

/** Such as `2.21.0-cpu-x64-0f3a5b7c9d1e`. The library's folder is part of it: the binding holds its path. */
async function engineKey(
  { build }: EngineChoice,
  { directory, libraries, ours }: Libtensorflow,
  instructionSet: InstructionSet,
): Promise<string> {
  const hash = createHash('sha256')
    .update(await hashBindingSource(instructionSet))
    .update(`\0${directory}`);
  if (!ours) for (const path of libraries) hash.update(`\0${path}\0${(await stat(path)).size}`);
  const version = ours ? tensorflowVersion : 'given';
  return `${version}-${build}-${process.arch}-${hash.digest('hex').slice(0, 12)}`;
}

interface GpuFailure {
  readonly driver: string | null;
  readonly detail: string;
}

function failureToLoad(error: unknown): string | null {
  const problem = error instanceof RunnerError ? error.problems[0] : undefined;
  if (problem?.reason !== 'engine-does-not-load') return null;
  return problem.output.trim().split('\n').at(-1) ?? 'no message';
}

/** A GPU build that does not load is not built again at every start, until the driver changes. */
async function rememberGpuFailure({ nvidia }: Machine, detail: string): Promise<void> {
  const failure: GpuFailure = { driver: nvidia.driver, detail };
  await writeFile(join(cacheDirectory(), 'gpu-failure.json'), JSON.stringify(failure));
}

async function recallGpuFailure({ nvidia }: Machine): Promise<string | null> {
  if (nvidia.gpus.length === 0) return null;
  try {
    const text = await readFile(join(cacheDirectory(), 'gpu-failure.json'), 'utf8');
    const { driver, detail } = JSON.parse(text) as GpuFailure;
    return driver === nvidia.driver ? detail : null;
  } catch {
    return null;
  }
}
