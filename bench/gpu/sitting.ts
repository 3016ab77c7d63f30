/** What the steps of a sitting share: where they run, how large they are, and the programs that they measure. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProvisionedEngine } from '../../src/provision/provision-engine.js';
import { trialEnvironment } from '../../src/provision/trial-environment.js';
import { runCommand } from '../../src/system/run-command.js';
import type { StepProgram } from '../measure-steps.js';
import { nameOf, stepProgram, type Size } from '../programs.js';

const bench = join(dirname(fileURLToPath(import.meta.url)), '..');

/** How much is measured. */
export interface Extent {
  readonly sizes: readonly Size[];
  readonly batches: readonly number[];
  readonly secondsPerMeasurement: number;
  /** Processes at once on one card. */
  readonly packings: readonly number[];
  /** Of the trials: images to train on, and epochs. */
  readonly images: number;
  readonly epochs: number;
  /** Test files of the engine suite. */
  readonly tests: readonly string[];
}

export const fullExtent: Extent = {
  sizes: [
    { alpha: 0.25, size: 32 },
    { alpha: 1, size: 56 },
  ],
  batches: [64, 512],
  secondsPerMeasurement: 3,
  packings: [1, 2, 4, 8],
  images: 55_000,
  epochs: 3,
  // Those that need kernels of our own, which a CPU alone has, are left out: cpuOperations in fused-operations.test.ts.
  tests: [
    'test/engine/graph-function.test.ts',
    'test/engine/outliving.test.ts',
    'test/engine/resize-bilinear.test.ts',
    'test/model',
    'test/train',
  ],
};

export const dryExtent: Extent = {
  sizes: [{ alpha: 0.25, size: 32 }],
  batches: [16],
  secondsPerMeasurement: 0.3,
  packings: [1, 2],
  images: 640,
  epochs: 2,
  tests: ['test/engine/graph-function.test.ts', 'test/engine/resize-bilinear.test.ts'],
};

/** Variables by which the two are set alike. TF32 is how NVIDIA's libraries shorten the factors of float32 products. */
export interface Setting {
  readonly tf32: boolean;
  readonly deterministic: boolean;
}

export class Sitting {
  constructor(
    readonly engine: ProvisionedEngine,
    /** The card; null: a CPU, with the operations of a GPU. */
    readonly card: number | null,
    readonly extent: Extent,
  ) {}

  environment({ tf32, deterministic }: Setting): Record<string, string> {
    return {
      ...trialEnvironment(this.engine, { gpuIndex: this.card, threads: 1 }),
      TF_DETERMINISTIC_OPS: deterministic ? '1' : '0',
      // Without it both libraries decide by themselves: TensorFlow and PyTorch's convolutions for TF32.
      ...(tf32 ? {} : { NVIDIA_TF32_OVERRIDE: '0' }),
      RUNNER_GPU_OPERATIONS: '1', // on a card they are taken anyway
    };
  }

  step(size: Size, batch: number, setting: Setting): StepProgram {
    return stepProgram(size, batch, this.environment(setting));
  }

  torchStep(python: string, size: Size, batch: number, tf32: boolean): StepProgram {
    const script = join(bench, 'peers/torch_step.py');
    return {
      command: python,
      args: [script, String(size.alpha), String(size.size), String(batch)],
      environment: this.torchEnvironment(tf32),
    };
  }

  /** A trial by this program's trainer. @throws Error with the end of what its process says */
  async trial(size: Size, batch: number, setting: Setting): Promise<TrainedTrial> {
    const { images, epochs } = this.extent;
    const work = [size.alpha, size.size, batch, images, epochs].map(String);
    const args = ['--import', 'tsx', join(bench, 'gpu/trial-process.ts'), ...work];
    return this.#json<TrainedTrial>(process.execPath, args, this.environment(setting));
  }

  /** Epochs of PyTorch on as many images. */
  async torchEpochs(python: string, size: Size, batch: number, tf32: boolean): Promise<readonly number[]> {
    const { images, epochs } = this.extent;
    const work = [size.alpha, size.size, batch, images, 5000, epochs].map(String);
    const args = [join(bench, 'peers/torch_epochs.py'), ...work];
    return (await this.#json<{ seconds: number[] }>(python, args, this.torchEnvironment(tf32))).seconds;
  }

  torchEnvironment(tf32: boolean): Record<string, string> {
    const onCard = this.card !== null;
    return {
      THREADS: '1',
      DEVICE: onCard ? 'cuda' : 'cpu',
      TF32: tf32 ? '1' : '0',
      CUDA_VISIBLE_DEVICES: onCard ? String(this.card) : '-1',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      ...(tf32 ? {} : { NVIDIA_TF32_OVERRIDE: '0' }),
    };
  }

  async #json<T>(command: string, args: readonly string[], environment: Record<string, string>): Promise<T> {
    const env = { ...process.env, ...environment };
    const { code, stdout, output } = await runCommand(command, args, { env, timeoutMs: 600_000 });
    const line = stdout.split('\n').find((text) => text.startsWith('{'));
    if (code === 0 && line !== undefined) return JSON.parse(line) as T;
    throw new Error(`it ended with ${code}: ${lastLines(output, 5)}`);
  }
}

export interface TrainedTrial {
  readonly epochs: readonly {
    readonly trainLoss: number;
    readonly valLoss: number;
    readonly valAccuracy: number;
    readonly seconds: number;
  }[];
  readonly peakBytes: number;
}

export const lastLines = (text: string, lines: number): string =>
  text.trim().split('\n').slice(-lines).join('\n');

export const workOf = (size: Size, batch: number): string => `${nameOf(size)}, ${batch}`;
