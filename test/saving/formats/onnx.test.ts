/** Read back by ONNX Runtime. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import onnx from '../../../src/saving/formats/onnx.js';
import { python, runPython } from '../../python.js';
import {
  cases,
  largestDifference,
  removeModels,
  writeRealModels,
  type WrittenModel,
} from '../real-models.js';

const program = `
import json, sys
import numpy as np, onnxruntime
answers = []
for path in sys.argv[1:]:
    session = onnxruntime.InferenceSession(path + '/model.onnx', providers=['CPUExecutionProvider'])
    [pixels] = session.get_inputs()
    images = np.fromfile(path + '/pixels', np.uint8).reshape(-1, *pixels.shape[1:])
    [probabilities] = session.run(['probabilities'], {'pixels': images})
    metadata = session.get_modelmeta()
    answers.append({
        'probabilities': probabilities.tolist(),
        'metadata': metadata.custom_metadata_map,
        'producer': metadata.producer_name,
        'description': metadata.description,
    })
print(json.dumps(answers))
`;

interface Answer {
  readonly probabilities: number[][];
  readonly metadata: Readonly<Record<string, string>>;
  readonly producer: string;
  readonly description: string;
}

describe.skipIf(python === null)('an ONNX file in ONNX Runtime', () => {
  let models: readonly WrittenModel[];
  let answers: readonly Answer[];
  beforeAll(async () => {
    models = await writeRealModels(onnx);
    const directories = models.map(({ directory }) => directory);
    answers = JSON.parse(await runPython(program, ...directories)) as Answer[];
  });
  afterAll(() => removeModels(models));

  test.each(cases.map(([name], index) => [name, index] as const))(
    '%s: the probabilities are the same',
    (_, index) => {
      const [{ probabilities }, answer] = [models[index]!, answers[index]!];
      expect(largestDifference(answer.probabilities, probabilities)).toBeLessThan(1e-4);
    },
  );

  test('it says what it is', () => {
    for (const [index, { card }] of models.entries()) {
      const { metadata, producer, description } = answers[index]!;
      expect([producer, description]).toEqual([card.program, card.description]);
      expect(JSON.parse(metadata.card!)).toEqual(card);
      expect(JSON.parse(metadata.classes!)).toEqual(card.classes);
      expect(metadata.experiment).toBe(card.experiment);
    }
  });
});
