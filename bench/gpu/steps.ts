/** The steps of a sitting: each gives Markdown, or throws the reason why it has none. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, measureSteps } from '../measure-steps.js';
import { describeUnequalWork } from '../work.js';
import { runCommand } from '../../src/system/run-command.js';
import { withCardMemory } from './card.js';
import { lastLines, workOf, type Setting, type Sitting } from './sitting.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const usual: Setting = { tf32: true, deterministic: true };

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const milliseconds = (value: number): string => value.toPrecision(3);
const megabytes = (bytes: number | null): string => (bytes === null ? '' : (bytes / 1e6).toFixed(0));
const onOff = (is: boolean): string => (is ? 'on' : 'off');

/** A sweep of two trials by the program, as a user runs it. */
export async function smokeTest({ card }: Sitting): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-gpu-'));
  try {
    const spec = {
      name: 'smoke',
      params: { alpha: 0.25, weights: 'none', resolution: 28, epochs: 2 },
      augmentations: { none: [], flip: [{ horizontalFlip: {} }] },
      matrix: { augmentation: ['none', 'flip'] },
      data: { trainSubset: 2000, validation: { holdout: 1000 } },
    };
    await writeFile(join(folder, 'smoke.yaml'), JSON.stringify(spec)); // JSON is YAML
    const args = [join(root, 'bin/runner.js'), 'smoke.yaml', '--engine', card === null ? 'cpu' : 'gpu'];
    const env = { ...process.env, RUNNER_GPU_OPERATIONS: '1' };
    const { code, output } = await runCommand(process.execPath, args, {
      cwd: folder,
      env,
      timeoutMs: 300_000,
    });
    const end = lastLines(output, 12);
    if (code !== 0) throw new Error(`it ended with ${code}: ${end}`);
    return `\`runner smoke.yaml\` trained both trials:\n\n\`\`\`\n${end}\n\`\`\``;
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** The engine's own tests, on the card. Those that fail are named; that some do is a finding, not a failed step. */
export async function engineSuite({ card, extent }: Sitting): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-gpu-'));
  try {
    const report = join(folder, 'tests.json');
    const args = [
      'vitest',
      'run',
      '--exclude=test/train/gpu-operations.test.ts',
      '--reporter=json',
      `--outputFile=${report}`,
      ...extent.tests,
    ];
    const engine = card === null ? {} : { RUNNER_TEST_ENGINE: 'gpu' };
    const env = { ...process.env, ...engine, RUNNER_GPU_OPERATIONS: '1' };
    const { output } = await runCommand('npx', args, { cwd: root, env, timeoutMs: 480_000 });
    const text = await readFile(report, 'utf8').catch(() => null);
    if (text === null) throw new Error(lastLines(output, 8));
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(text) as TestResults;
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed'),
    );
    const lines = failed.map(
      ({ fullName, failureMessages }) => `- ${fullName}: ${failureMessages[0]?.split('\n')[0] ?? ''}`,
    );
    return [`${numPassedTests} tests pass, ${numFailedTests} fail.`, ...lines].join('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whether a trial is repeated to the last digit, and what that costs in a step. */
export async function determinism(sitting: Sitting): Promise<string> {
  const { sizes, batches, secondsPerMeasurement } = sitting.extent;
  const rows: string[][] = [];
  for (const size of sizes)
    for (const deterministic of [true, false]) {
      const setting = { ...usual, deterministic };
      const batch = batches[0]!;
      const digits = async () => {
        const { epochs } = await sitting.trial(size, batch, setting);
        return JSON.stringify(epochs.map(({ trainLoss, valLoss }) => [trainLoss, valLoss]));
      };
      const isRepeated = (await digits()) === (await digits());
      const program = sitting.step(size, batch, setting);
      const { stepMilliseconds } = await measureSteps(program, 1, secondsPerMeasurement);
      rows.push([
        workOf(size, batch),
        onOff(deterministic),
        isRepeated ? 'the same' : 'others',
        milliseconds(stepMilliseconds),
      ]);
    }
  return table(
    ['alpha×size, batch', 'TF_DETERMINISTIC_OPS', 'digits of the same trial again', 'step, ms'],
    rows,
  );
}

/** A step of both, and an epoch with its validation, TF32 on and off. */
export async function againstTorch(sitting: Sitting, python: string | null): Promise<string> {
  const { sizes, batches, secondsPerMeasurement } = sitting.extent;
  const rows: string[][] = [];
  for (const size of sizes)
    for (const batch of batches)
      for (const tf32 of [true, false]) {
        const setting = { ...usual, tf32 };
        const ours = await measureSteps(sitting.step(size, batch, setting), 1, secondsPerMeasurement);
        const { epochs } = await sitting.trial(size, batch, setting);
        const ourEpoch = epochs.at(-1)!.seconds; // the first one records and warms up
        if (python === null) {
          rows.push([
            workOf(size, batch),
            onOff(tf32),
            milliseconds(ours.stepMilliseconds),
            '',
            '',
            milliseconds(ourEpoch),
            '',
            '',
          ]);
          continue;
        }
        const program = sitting.torchStep(python, size, batch, tf32);
        const theirs = await measureSteps(program, 1, secondsPerMeasurement);
        const unequal = describeUnequalWork([
          { name: 'runner', ...ours.work },
          { name: 'PyTorch', ...theirs.work },
        ]);
        if (unequal !== null) throw new Error(unequal);
        const theirEpoch = (await sitting.torchEpochs(python, size, batch, tf32)).at(-1)!;
        rows.push([
          workOf(size, batch),
          onOff(tf32),
          milliseconds(ours.stepMilliseconds),
          milliseconds(theirs.stepMilliseconds),
          `${(theirs.stepMilliseconds / ours.stepMilliseconds).toFixed(2)}×`,
          milliseconds(ourEpoch),
          milliseconds(theirEpoch),
          `${(theirEpoch / ourEpoch).toFixed(2)}×`,
        ]);
      }
  const note =
    `An epoch is ${sitting.extent.images.toLocaleString('en')} images and the validation of 5,000. PyTorch is channels-last, ` +
    'searches its algorithms (cudnn.benchmark), and is not asked to be deterministic; ours is. Ratios above 1 are in favour of runner.';
  const titles = [
    'alpha×size, batch',
    'TF32',
    'step, ms',
    'PyTorch',
    'ratio',
    'epoch, s',
    'PyTorch',
    'ratio',
  ];
  return `${note}\n\n${table(titles, rows)}`;
}

/** Several trials at once on one card, and the memory that they take. */
export async function packing(sitting: Sitting): Promise<string> {
  const { sizes, batches, packings, secondsPerMeasurement } = sitting.extent;
  const rows: string[][] = [];
  for (const size of sizes) {
    const batch = batches[0]!;
    let alone = NaN;
    for (const processes of packings) {
      const program = sitting.step(size, batch, usual);
      const measure = () => measureSteps(program, processes, secondsPerMeasurement);
      const { result, cardBytes } = await withCardMemory(sitting.card, measure);
      const images = batch * result.stepsPerSecond;
      if (processes === 1) alone = images;
      rows.push([
        workOf(size, batch),
        String(processes),
        images.toFixed(0),
        `${(images / alone).toFixed(2)}×`,
        milliseconds(result.stepMilliseconds),
        megabytes(result.peakBytes),
        megabytes(cardBytes),
      ]);
    }
  }
  const titles = [
    'alpha×size, batch',
    'trials at once',
    'images a second',
    'to one',
    'step, ms',
    'process, MB',
    'card, MB',
  ];
  return table(titles, rows);
}

/** Whole trials: their time by the epoch, and their memory. */
export async function wholeTrials(sitting: Sitting): Promise<string> {
  const { sizes, batches, images } = sitting.extent;
  const rows: string[][] = [];
  for (const size of sizes) {
    const batch = batches[0]!;
    const { result, cardBytes } = await withCardMemory(sitting.card, () => sitting.trial(size, batch, usual));
    const seconds = result.epochs.map((epoch) => epoch.seconds);
    rows.push([
      workOf(size, batch),
      milliseconds(seconds[0]!),
      milliseconds(median(seconds.slice(1))),
      result.epochs.at(-1)!.valAccuracy.toFixed(4),
      megabytes(result.peakBytes),
      megabytes(cardBytes),
    ]);
  }
  const titles = [
    'alpha×size, batch',
    'first epoch, s',
    'a later one, s',
    'accuracy',
    'process, MB',
    'card, MB',
  ];
  return `${images.toLocaleString('en')} images of Fashion-MNIST, random weights.\n\n${table(titles, rows)}`;
}
