/** The networks that a trial keeps for those who take them away. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TrialParams, Validation } from '../../src/plan/plan.js';
import { predict } from '../../src/predict/predict.js';
import type { ModelCard } from '../../src/saving/model-card.js';
import { readTrialNetworks } from '../../src/saving/networks/trial-networks.js';
import { packBits } from '../../src/train/pack-bits.js';
import { imageFacts } from '../facts.js';
import { curve, squares, train, trialOf, type Course } from './course.js';

let folder: string;
let path: string;
let networksAt: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-networks-'));
  path = join(folder, 'trial.checkpoint');
  networksAt = join(folder, 'trial.safetensors');
});
afterEach(() => rm(folder, { recursive: true }));

/** The loss is lowest in another epoch than the accuracy is highest, and the last is neither. */
const slow: Partial<TrialParams> = {
  epochs: 8,
  dropout: 0,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.01 },
};

function outcomeOf({ outcome }: Course) {
  if (outcome?.status !== 'completed') return expect.unreachable(`it ended ${outcome?.status}`);
  return outcome;
}

test.each<[string, Validation]>([
  ['the test images', 'test'],
  ['held-out images', { holdout: 100 }],
])(
  'validated on %s: each candidate’s network says of every test image what its trial has said',
  async (_, validation) => {
    const trial = trialOf(slow, 'a1b2', validation);
    const without = await train(trial, { at: path, every: 0 });
    const undisturbed = await train(trial, { at: path, every: 0, networksAt });
    expect(curve(undisturbed)).toEqual(curve(without));
    const { tests } = outcomeOf(undisturbed);
    expect(tests).toEqual(outcomeOf(without).tests);
    expect(tests!.length).toBeGreaterThan(1);
    const kept = (await readTrialNetworks(networksAt, trial.id))!;
    expect(kept.facts).toEqual(imageFacts);
    expect(kept.networks.map(({ epoch }) => epoch)).toEqual(tests!.map(({ epoch }) => epoch));
    for (const [index, { tensors }] of kept.networks.entries()) {
      const card = {
        trial,
        classes: imageFacts.classes,
        input: { side: 28, channels: 1, resolution: 28, normalization: null, isMirrored: false },
      } as unknown as ModelCard;
      const { images, labels } = squares.test;
      const correct = predict(card, tensors, images).map((row, image) =>
        Number(row.indexOf(Math.max(...row)) === labels[image]),
      );
      expect(packBits(Uint8Array.from(correct))).toBe(tests![index]!.correct);
    }

    const whole = await readFile(networksAt);
    await rm(networksAt);
    for (const until of [2, 5]) await train(trial, { at: path, until, networksAt });
    await train(trial, { at: path, networksAt });
    expect((await readFile(networksAt)).equals(whole)).toBe(true);
  },
);

test('a file that is damaged, or of another trial, is none', async () => {
  const trial = trialOf({ epochs: 1 });
  await train(trial, { at: path, networksAt });
  expect(await readTrialNetworks(networksAt, trial.id)).not.toBeNull();
  expect(await readTrialNetworks(networksAt, 'another')).toBeNull();
  expect(await readTrialNetworks(join(folder, 'nothing'), trial.id)).toBeNull();
  const whole = await readFile(networksAt);
  for (const change of [whole.subarray(0, -1), whole.subarray(0, 5), Buffer.from('{}'), flipped(whole)]) {
    await writeFile(networksAt, change);
    expect(await readTrialNetworks(networksAt, trial.id)).toBeNull();
  }
});

const flipped = (whole: Buffer): Buffer => {
  const other = Buffer.from(whole);
  other[other.length - 9]! ^= 1;
  return other;
};

test('a network that cannot be kept costs the trial nothing but a line', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  await mkdir(networksAt); // a folder stands in its place
  await mkdir(join(networksAt, 'x'));
  const course = await train(trialOf({ epochs: 1 }), { at: path, every: 0, networksAt });
  expect(course.outcome?.status).toBe('completed');
  expect(said).toHaveBeenCalledWith(expect.stringMatching(/^The trained network is not kept: /));
  said.mockRestore();
});
