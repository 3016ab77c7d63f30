/** Read back by Keras itself. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import keras from '../../../src/saving/formats/keras.js';
import { python, runPython } from '../../python.js';
import {
  cases,
  largestDifference,
  relativeError,
  removeModels,
  writeRealModels,
  type WrittenModel,
} from '../real-models.js';

const program = `
import json, sys, zipfile
import keras, numpy as np
answers = []
for path in sys.argv[1:]:
    model = keras.saving.load_model(path + '/model.keras')
    pixels = np.fromfile(path + '/pixels', np.uint8).reshape(-1, *model.input_shape[1:])
    logits = model.get_layer('logits')._inbound_nodes[0].output_tensors[0]
    probabilities, logits = keras.Model(model.inputs, [model.output, logits]).predict(pixels, verbose=0)
    answers.append({
        'probabilities': probabilities.tolist(),
        'logits': logits.ravel().tolist(),
        'card': json.loads(zipfile.ZipFile(path + '/model.keras').read('metadata.json'))['card'],
        'layers': [layer.name for layer in model.layers],
    })
print(json.dumps(answers))
`;

interface Answer {
  readonly probabilities: number[][];
  readonly logits: number[];
  readonly card: unknown;
  readonly layers: string[];
}

describe.skipIf(python === null)('a .keras file in Keras', () => {
  let models: readonly WrittenModel[];
  let answers: readonly Answer[];
  beforeAll(async () => {
    models = await writeRealModels(keras);
    const directories = models.map(({ directory }) => directory);
    answers = JSON.parse(await runPython(program, ...directories)) as Answer[];
  });
  afterAll(() => removeModels(models));

  test.each(cases.map(([name], index) => [name, index] as const))(
    '%s: the probabilities are the same',
    (_, index) => {
      const [{ card, probabilities, logits }, answer] = [models[index]!, answers[index]!];
      expect(largestDifference(answer.probabilities, probabilities)).toBeLessThan(1e-4);
      if (logits) expect(relativeError(answer.logits, logits)).toBeLessThan(1e-4);
      expect(answer.card).toEqual(card);
    },
  );

  test('it is written west of Greenwich too, where the first day of a zip begins later', async () => {
    vi.stubEnv('TZ', 'America/Los_Angeles');
    const again = await writeRealModels(keras);
    vi.unstubAllEnvs();
    const sizes = [models, again].map((some) =>
      some.map(({ directory }) => statSync(join(directory, 'model.keras')).size),
    );
    expect(sizes[1]).toEqual(sizes[0]);
    removeModels(again);
  });

  test('pixels are prepared by layers of their own', () => {
    const before = answers.map(({ layers }) => layers.slice(1, layers.indexOf('conv1')).join(' '));
    expect(before).toEqual([
      'scale',
      'resize scale',
      'resize scale',
      'resize scale',
      'scale',
      'resize scale normalize',
      'scale normalize',
    ]);
  });
});
