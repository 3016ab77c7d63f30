import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { lastLine, runCommand } from '../system/run-command.js';
import { count } from '../diagnostics/count.js';
import { instructionSetOf, type InstructionSet } from '../engines/tensorflow/instruction-set.js';

export interface Gpu {
  /** The driver's number of the GPU, in the order of the PCI bus: what CUDA_VISIBLE_DEVICES takes. */
  readonly index: number;
  readonly name: string;
}

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** TensorFlow's wheels need the GNU C library; null where there is another one. */
  readonly glibc: string | null;
  /** Cores that this process may use. */
  readonly cores: number;
  /** What all of its processors have. */
  readonly instructionSet: InstructionSet;
  readonly nvidia: NvidiaDriver;
}

export interface NvidiaDriver {
  /** Version of the kernel driver; null without one. */
  readonly driver: string | null;
  /** GPUs that CUDA_VISIBLE_DEVICES leaves. */
  readonly gpus: readonly Gpu[];
  /** Where it was looked for and what was there, for people. */
  readonly tried: readonly string[];
}

/** What the choice of an engine depends on. Takes some 10 ms without a GPU, a second with one. */
export async function detectMachine(
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<Machine> {
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: glibcVersion(),
    cores: availableParallelism(),
    instructionSet: instructionSetOf(await readFile('/proc/cpuinfo', 'utf8').catch(() => '')),
    nvidia: await detectNvidia(environment.CUDA_VISIBLE_DEVICES),
  };
}

function glibcVersion(): string | null {
  const { report } = process as { report?: { excludeNetwork?: boolean; getReport(): object } };
  if (!report) return null;
  report.excludeNetwork = true; // it would look up the names of all connections
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? null;
}

const driverFile = '/proc/driver/nvidia/version';
const gpuFolder = '/proc/driver/nvidia/gpus';

async function detectNvidia(visibleDevices: string | undefined): Promise<NvidiaDriver> {
  const version = await readFile(driverFile, 'utf8').catch(() => null);
  const driver = version === null ? null : (/\b(\d+\.\d+(?:\.\d+)*)\b/.exec(version)?.[1] ?? 'unknown');
  const tried = [driver === null ? `${driverFile}: not there` : `${driverFile}: driver ${driver}`];
  const listing = await runCommand('nvidia-smi', ['-L'], { timeoutMs: 15_000 });
  let gpus = listing.code === 0 ? parseGpuList(listing.stdout) : [];
  tried.push(
    listing.notFound
      ? 'nvidia-smi -L: no such command'
      : `nvidia-smi -L: ${listing.code === 0 ? describeCount(gpus.length) : lastLine(listing.output)}`,
  );
  if (driver !== null && gpus.length === 0) {
    gpus = await readGpuFolder();
    tried.push(`${gpuFolder}: ${describeCount(gpus.length)}`);
  }
  const visible = visibleGpus(gpus, visibleDevices);
  if (visibleDevices !== undefined && gpus.length > 0) {
    tried.push(`CUDA_VISIBLE_DEVICES=${visibleDevices}: leaves ${describeCount(visible.length)}`);
  }
  return { driver, gpus: visible.map(({ index, name }) => ({ index, name })), tried };
}

interface IdentifiedGpu extends Gpu {
  readonly uuid: string;
}

/** Lines such as `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5f…)`; slices of a GPU (MIG) are indented below it. */
export function parseGpuList(listing: string): IdentifiedGpu[] {
  return [...listing.matchAll(/^GPU (\d+): (.+?) \(UUID: ([^)]+)\)/gm)].map(([, index, name, uuid]) => ({
    index: Number(index),
    name: name!,
    uuid: uuid!,
  }));
}

/** For containers that are given the driver but not its tools. The folders are named by PCI address. */
async function readGpuFolder(): Promise<IdentifiedGpu[]> {
  const folders = (await readdir(gpuFolder).catch(() => [])).sort();
  return Promise.all(
    folders.map(async (folder, index) => {
      const text = await readFile(join(gpuFolder, folder, 'information'), 'utf8').catch(() => '');
      return {
        index,
        name: /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? 'NVIDIA GPU',
        uuid: /^GPU UUID:\s*(\S+)/m.exec(text)?.[1] ?? '',
      };
    }),
  );
}

/** As CUDA reads the variable: numbers or beginnings of UUIDs, up to the first that names no GPU. */
export function visibleGpus<T extends IdentifiedGpu>(
  gpus: readonly T[],
  visibleDevices: string | undefined,
): T[] {
  if (visibleDevices === undefined) return [...gpus];
  const visible: T[] = [];
  for (const name of visibleDevices.split(',').map((part) => part.trim())) {
    const gpu = gpus.find(({ index, uuid }) =>
      /^\d+$/.test(name) ? index === Number(name) : name.startsWith('GPU-') && uuid.startsWith(name),
    );
    if (!gpu || visible.includes(gpu)) break;
    visible.push(gpu);
  }
  return visible;
}

function describeCount(gpus: number): string {
  return count(gpus, 'GPU');
}
