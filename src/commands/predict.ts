import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeImage, explainFailure, maximumPixels } from '../data/own/describe-image.js';
import { decodeImage } from '../data/pack/decode-image.js';
import { printable } from '../diagnostics/code-frame.js';
import type { ModelProblem } from '../diagnostics/model-problem.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { code } from '../diagnostics/wording.js';
import { runPrediction } from '../predict/run-prediction.js';
import { chooseFamily } from '../provision/choose-family.js';
import { provisionEngine } from '../provision/provision-engine.js';
import { trialEnvironment } from '../provision/trial-environment.js';
import { alignColumns } from '../report/text/align-columns.js';
import type { ModelCard, ModelInput } from '../saving/model-card.js';
import { portableModel } from '../saving/portable-model.js';
import { openModelFile } from '../saving/save-model.js';
import { describeFileError } from '../system/describe-file-error.js';
import type { Arguments } from './arguments.js';
import { say } from './say.js';

/** Shows what a saved model takes images for. */
export async function predict(args: Arguments): Promise<number> {
  const [named, ...files] = args.files as [string, ...string[]];
  const path = await locateModel(named);
  const card = await readCard(path);
  const images = await decodeAll(files, card.input);
  const onProgress = (line: string) => say(args, line);
  // A prediction is no reason to download TensorFlow: the classes are the same.
  const { family } = await chooseFamily({
    engine: args.engine,
    finished: null,
    unprepared: 'avoid',
    onProgress,
  });
  const engine = await provisionEngine({ engine: family === 'wasm' ? 'wasm' : args.engine, onProgress });
  const { devices } = engine;
  const gpuIndex = devices.kind === 'cpu' ? null : devices.gpus[0]!.index;
  const answer = await runPrediction({ path, images }, trialEnvironment(engine, { gpuIndex, threads: 1 }));
  const predictions = files.map((file, index) => ({ file, classes: rank(answer[index]!, card) }));
  process.stdout.write(`${args.json ? toJson(path, card, predictions) : describe(predictions)}\n`);
  return 0;
}

interface Prediction {
  readonly file: string;
  /** The most probable first. */
  readonly classes: readonly { readonly name: string; readonly probability: number }[];
}

/** The file of a model: named itself, or its folder, or the results of an experiment, whose best is meant. */
async function locateModel(path: string): Promise<string> {
  const kindOf = (at: string) =>
    stat(at).then(
      (found) => (found.isDirectory() ? 'folder' : 'file'),
      () => null,
    );
  const kind = await kindOf(path);
  if (kind === 'file') return path;
  for (const folder of ['', 'best', 'models/best']) {
    const file = join(path, folder, 'model.safetensors');
    if ((await kindOf(file)) === 'file') return file;
  }
  throw modelProblem({ reason: 'no-model', path, isFolder: kind === 'folder' });
}

/** @throws RunnerError `model-unreadable`, where the network is not that of the card too */
async function readCard(path: string): Promise<ModelCard> {
  try {
    const { card, tensors } = await openModelFile(path);
    return portableModel(card, tensors).card;
  } catch (error) {
    throw modelProblem({ reason: 'model-unreadable', path, cause: (error as Error).message });
  }
}

/** Images as a data set's are decoded, one after the other. @throws RunnerError with all that cannot be read */
async function decodeAll(
  files: readonly string[],
  { side, channels, fit, background }: ModelInput,
): Promise<Uint8Array> {
  const size = side * side * channels;
  const images = new Uint8Array(files.length * size);
  const bad: string[] = [];
  for (const [index, file] of files.entries()) {
    try {
      images.set(await decodeFile(file, { side, channels, fit, background }), index * size);
    } catch (error) {
      if (!(error instanceof BadImageError)) throw error;
      bad.push(`${code(file)}: ${error.message}`);
    }
  }
  if (bad.length === 0) return images;
  throw modelProblem({ reason: 'images-unreadable', total: files.length, images: bad });
}

/** Why an image cannot be read, for people. */
class BadImageError extends Error {}

async function decodeFile(
  file: string,
  target: Pick<ModelInput, 'side' | 'channels' | 'fit' | 'background'>,
): Promise<Uint8Array> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new BadImageError(describeFileError(error));
  });
  const { problem, width, height, orientation, traits } = await describeImage(content, '');
  if (problem !== null) throw new BadImageError(problem);
  if (width * height > maximumPixels)
    throw new BadImageError(`it has ${width}×${height} pixels, more than ${maximumPixels / 1e6} million`);
  const sides = orientation >= 5 ? { width: height, height: width } : { width, height };
  return decodeImage(content, { ...sides, traits }, target).catch((error: unknown) => {
    throw new BadImageError(explainFailure(content, error));
  });
}

function rank(probabilities: Float32Array, { classes }: ModelCard): Prediction['classes'] {
  const all = classes.map((name, index) => ({ name, probability: probabilities[index]! }));
  return all.sort((a, b) => b.probability - a.probability);
}

const mostShown = 5;

function describe(predictions: readonly Prediction[]): string {
  const rows = predictions.flatMap(({ file, classes }) =>
    classes
      .slice(0, mostShown)
      .map(({ name, probability }, index) => [
        index === 0 ? printable(file) : '',
        name,
        probability.toFixed(4),
      ]),
  );
  return alignColumns([['image', 'class', 'probability'], ...rows]).join('\n');
}

function toJson(path: string, card: ModelCard, predictions: readonly Prediction[]): string {
  const { name, trial, epoch } = card;
  const model = { path, name, trial: trial.label, trialId: trial.id, epoch };
  return JSON.stringify({ model, predictions }, null, 2);
}

const modelProblem = (problem: ModelProblem): RunnerError =>
  new RunnerError([{ kind: 'environment', ...problem }]);
