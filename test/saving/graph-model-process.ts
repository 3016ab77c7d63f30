/**
 * Runs graph models by TensorFlow.js in plain JavaScript, as a browser does: in a process of its own, since it shares its
 * state with the native TensorFlow.js of a process that has that. Prints the probabilities of each folder's first images.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tfjs from '@tensorflow/tfjs';

const images = 4; // it takes half a second an image

/** The two files as a server would give them. */
function loadFromDisk(folder: string): Promise<tfjs.GraphModel> {
  const text = readFileSync(join(folder, 'model.json'), 'utf8');
  const { modelTopology, weightsManifest, ...others } = JSON.parse(text) as tfjs.io.ModelJSON;
  const [{ paths, weights }] = weightsManifest as [tfjs.io.WeightsManifestConfig[number]];
  const weightData = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(join(folder, path)))))
    .buffer;
  return tfjs.loadGraphModel({
    load: () => Promise.resolve({ modelTopology, weightSpecs: weights, weightData, ...others }),
  });
}

async function answer(directory: string): Promise<number[][]> {
  const model = await loadFromDisk(join(directory, 'tensorflow-js'));
  const [, ...square] = model.inputs[0]!.shape! as [number, number, number, number];
  const size = square.reduce((a, b) => a * b);
  const bytes = Float32Array.from(readFileSync(join(directory, 'pixels')).subarray(0, images * size));
  const probabilities = model.predict(tfjs.tensor4d(bytes, [images, ...square])) as tfjs.Tensor2D;
  return probabilities.array();
}

await tfjs.setBackend('cpu');
const answers: number[][][] = [];
for (const directory of process.argv.slice(2)) answers.push(await answer(directory));
process.stdout.write(JSON.stringify(answers));
