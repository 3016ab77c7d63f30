import { defaultDataset } from '../data/datasets.js';
import { describeProblem } from '../diagnostics/problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { imagenetWeightsFile, peekWeights } from '../model/mobilenet-v1/weights-file.js';
import { tryWasm } from '../engines/wasm/provision-wasm.js';
import { requireVendor } from '../engines/tensorflow/compile-binding.js';
import { cacheDirectory } from '../system/cache-directory.js';
import { describeGpus, type EngineRequest } from '../provision/choose-engine.js';
import { findCompiler, findPython } from '../engines/tensorflow/find-tool.js';
import { detectMachine, type Machine } from '../provision/detect-machine.js';
import { findEngineDamage, locateEngine, openProvisionedEngine } from '../provision/provision-engine.js';
import { verifyEngine } from '../engines/tensorflow/verify-engine.js';
import { tensorflowVersion } from '../engines/tensorflow/wheels.js';
import { count } from '../diagnostics/count.js';
import { programVersion } from '../system/program-version.js';

export interface InspectionOptions {
  readonly engine: EngineRequest;
  readonly dataDir?: string | undefined;
  readonly weightsDir?: string | undefined;
  readonly libtensorflow?: string | undefined;
}

export interface DoctorCheck {
  readonly name: string;
  /** `absent` is no fault: it would be fetched when needed. */
  readonly state: 'ok' | 'absent' | 'problem';
  readonly detail: string;
}

export interface DoctorReport {
  readonly checks: readonly DoctorCheck[];
  /** What to do next; null where everything is there. */
  readonly nextCommand: string | null;
}

/**
 * Looks at everything that a run needs, and changes nothing. An engine that is there is read in full (its
 * hashes) and tried in a process of its own.
 */
export async function inspectInstallation(options: InspectionOptions): Promise<DoctorReport> {
  const machine = await detectMachine();
  const asked = await inspectEngine(machine, options);
  // Where TensorFlow cannot be had, trials train with WebAssembly unless it was asked for.
  const isNeeded = options.engine !== 'auto';
  const engine: DoctorCheck =
    asked.state === 'problem' && !isNeeded && machine.glibc === null ? { ...asked, state: 'absent' } : asked;
  const data = await inspectData(options.dataDir);
  const weights = inspectWeights(options.weightsDir);
  const tools = engine.state === 'ok' ? [] : await inspectTools(isNeeded ? 'problem' : 'absent');
  if (engine.state !== 'ok' && !isNeeded) tools.push(inspectWasm('engine without it'));
  const checks: DoctorCheck[] = [
    { name: 'versions', state: 'ok', detail: describeVersions() },
    { name: 'machine', state: 'ok', detail: describeMachine(machine) },
    engine,
    ...tools,
    data,
    weights,
    { name: 'cache', state: 'ok', detail: cacheDirectory() },
  ];
  return { checks, nextCommand: nextCommand(checks) };
}

/** The report as a table, with the next command at its end. */
export function describeDoctorReport({ checks, nextCommand }: DoctorReport): string {
  const signs = { ok: 'ok     ', absent: 'absent ', problem: 'PROBLEM' } as const;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(7 + 2 + width + 2);
  const lines = checks.map(
    ({ name, state, detail }) =>
      `${signs[state]}  ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${indent}`)}`,
  );
  return [...lines, '', nextCommand === null ? 'Everything is there.' : `Next: ${nextCommand}`].join('\n');
}

function nextCommand(checks: readonly DoctorCheck[]): string | null {
  if (checks.some(({ state }) => state === 'problem')) return 'see the problems above';
  const absent = checks.filter(({ state, name }) => state === 'absent' && name !== 'weights');
  return absent.length > 0 ? 'runner setup' : null;
}

async function inspectEngine(
  machine: Machine,
  { engine: request, libtensorflow }: InspectionOptions,
): Promise<DoctorCheck> {
  const name = 'engine';
  return orProblem(name, async () => {
    requireVendor();
    if (request === 'wasm') return inspectWasm(name);
    const location = await locateEngine(machine, { engine: request, libtensorflow });
    const { build, why } = location.choice;
    const damage = await findEngineDamage(location, { hashes: true });
    const engine = damage === null ? await openProvisionedEngine(location) : null;
    if (engine === null) {
      return {
        name,
        state: 'absent',
        detail: `TensorFlow ${tensorflowVersion} (${build}, ${why}): ${damage}`,
      };
    }
    const { tensorflowVersion: version, usesGpu } = await verifyEngine(engine);
    const place = usesGpu ? 'computes on the GPU' : 'computes on the CPU';
    return {
      name,
      state: 'ok',
      detail: `TensorFlow ${version} (${build}, ${why}), ${place}\n${location.directory}`,
    };
  });
}

/** It is tried here: it is one file, which depends on nothing of the machine. */
function inspectWasm(name: string): DoctorCheck {
  try {
    tryWasm();
  } catch (error) {
    return { name, state: 'problem', detail: `WebAssembly (simd128): ${(error as Error).message}` };
  }
  return { name, state: 'ok', detail: 'WebAssembly (simd128), comes with the package, computes on the CPU' };
}

/** @param missing what one that is missing is */
async function inspectTools(missing: DoctorCheck['state']): Promise<DoctorCheck[]> {
  const [python, compiler] = await Promise.all([findPython(), findCompiler()]);
  return [
    { name: 'python', tool: python },
    { name: 'compiler', tool: compiler },
  ].map(({ name, tool }) => ({
    name,
    state: tool.command === null ? missing : 'ok',
    detail: tool.command ?? `needed to prepare the engine; tried ${tool.tried.join('; ')}`,
  }));
}

async function inspectData(dataDir: string | undefined): Promise<DoctorCheck> {
  const name = 'data';
  return orProblem(name, async () => {
    const { title } = defaultDataset;
    const found = defaultDataset.peek(dataDir);
    if (found === null)
      return { name, state: 'absent', detail: `${title} is downloaded by \`runner setup\`` };
    await defaultDataset.verify(found.directory);
    return {
      name,
      state: 'ok',
      detail: `${title}, content as published (${found.source})\n${found.directory}`,
    };
  });
}

function inspectWeights(weightsDir: string | undefined): DoctorCheck {
  const found: string[] = [];
  const missing: string[] = [];
  const damaged = new Set<string>();
  for (const alpha of [0.25, 0.5, 0.75, 1]) {
    for (const size of [128, 160, 192, 224]) {
      const { fileName } = imagenetWeightsFile(alpha, size);
      try {
        (peekWeights(weightsDir, alpha, size) === null ? missing : found).push(fileName);
      } catch (error) {
        if (!(error instanceof RunnerError)) throw error;
        damaged.add(error.problems.map(describeProblem).join('\n'));
      }
    }
  }
  const name = 'weights';
  if (damaged.size > 0) return { name, state: 'problem', detail: [...damaged].join('\n') };
  if (found.length === 0) {
    const detail = 'no ImageNet weights found; a run with `weights: imagenet` downloads what it needs';
    return { name, state: 'absent', detail };
  }
  const rest = missing.length === 0 ? '' : `\n${count(missing.length, 'other file')} not here`;
  return { name, state: 'ok', detail: `${found.join(', ')}${rest}` };
}

function describeMachine({ platform, arch, glibc, cores, nvidia }: Machine): string {
  const system = `${platform} ${arch}, ${glibc === null ? 'no glibc' : `glibc ${glibc}`}, ${count(cores, 'core')}`;
  return `${system}\n${nvidia.gpus.length > 0 ? describeGpus(nvidia.gpus) : `no NVIDIA GPU (${nvidia.tried.join('; ')})`}`;
}

function describeVersions(): string {
  const { name, version } = programVersion();
  return `${name} ${version}, Node ${process.versions.node}`;
}

async function orProblem(name: string, inspect: () => Promise<DoctorCheck>): Promise<DoctorCheck> {
  try {
    return await inspect();
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    return { name, state: 'problem', detail: error.problems.map(describeProblem).join('\n') };
  }
}
