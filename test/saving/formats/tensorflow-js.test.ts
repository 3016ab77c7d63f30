/** Read back by TensorFlow.js in plain JavaScript. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import tensorflowJs from '../../../src/saving/formats/tensorflow-js.js';
import { runCommand } from '../../../src/system/run-command.js';
import {
  cases,
  largestDifference,
  removeModels,
  writeRealModels,
  type WrittenModel,
} from '../real-models.js';

const program = fileURLToPath(new URL('../graph-model-process.ts', import.meta.url));

describe('a graph model in TensorFlow.js', () => {
  let models: readonly WrittenModel[];
  let answers: readonly number[][][];
  beforeAll(async () => {
    models = await writeRealModels(tensorflowJs);
    const directories = models.map(({ directory }) => directory);
    const { code, stdout, output } = await runCommand(process.execPath, [
      '--import',
      'tsx',
      program,
      ...directories,
    ]);
    if (code !== 0) throw new Error(output);
    answers = JSON.parse(stdout) as number[][][];
  });
  afterAll(() => removeModels(models));

  test.each(cases.map(([name], index) => [name, index] as const))(
    '%s: the probabilities are the same',
    (_, index) => {
      const [{ probabilities }, answer] = [models[index]!, answers[index]!];
      expect(answer.length).toBeGreaterThan(0);
      expect(largestDifference(answer, probabilities.slice(0, answer.length))).toBeLessThan(1e-4);
    },
  );

  test('it says what it is', () => {
    for (const { directory, card } of models) {
      const text = readFileSync(join(directory, 'tensorflow-js', 'model.json'), 'utf8');
      expect((JSON.parse(text) as { userDefinedMetadata: unknown }).userDefinedMetadata).toEqual(card);
    }
  });
});
