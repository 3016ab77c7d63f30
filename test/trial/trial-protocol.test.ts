import { expect, test } from 'vitest';
import {
  decodeRequest,
  encode,
  MessageReader,
  type TrialMessage,
  type TrialRequest,
} from '../../src/trial/trial-protocol.js';
import { contextOf, paramsOf } from '../params.js';

const epoch = { epoch: 1, trainLoss: 0.1, trainAccuracy: 0.5, valLoss: 1e-320, valAccuracy: 1, seconds: 2 };
const messages: readonly TrialMessage[] = [
  { type: 'alive' },
  {
    type: 'progress',
    progress: { epoch: 1, step: 2, stepsPerEpoch: 3, loss: NaN, accuracy: -0, secondsLeft: null },
  },
  { type: 'epoch', record: { ...epoch, trainLoss: Infinity, valLoss: -Infinity } },
  { type: 'failure', failure: 'engine', message: 'the engine refused:\n"NaN" – ä 🙂 \u2028' },
  {
    type: 'outcome',
    outcome: {
      status: 'completed',
      epochs: [epoch],
      parameters: 12422,
      trainSeconds: 0.1 + 0.2,
      peakBytes: 2 ** 33,
      engine: 'tensorflow-cpu',
    },
  },
];
const lines = Buffer.from(messages.map((message) => `${encode(message)}\n`).join(''));

test('a message is one line of JSON, and comes back with every number that it had', () => {
  expect(lines.toString().split('\n')).toHaveLength(messages.length + 1);
  const read = new MessageReader().read(lines);
  expect(read).toEqual(messages); // tells −0 from 0
});

test('cut anywhere, also within a character, each message is read once, when it is complete', () => {
  for (let cut = 0; cut <= lines.length; cut++) {
    const reader = new MessageReader();
    const first = reader.read(lines.subarray(0, cut));
    expect(first).toHaveLength(lines.subarray(0, cut).toString('latin1').split('\n').length - 1);
    expect([...first, ...reader.read(lines.subarray(cut))]).toEqual(messages);
  }
});

test('a line that is no JSON is refused', () => {
  expect(() => new MessageReader().read(Buffer.from('{"type":"al\n'))).toThrow(SyntaxError);
});

test('a request comes back as it was', () => {
  const request: TrialRequest = {
    trial: {
      id: 'a1b2',
      cellIndex: 0,
      label: 'seed=1',
      seed: 1,
      params: paramsOf({ optimizer: { name: 'sgd', momentum: 0.9 } }),
      data: { validation: { holdout: 128 } },
      context: contextOf(),
    },
    dataset: 'fashion-mnist',
    dataDirectory: '/data/ä',
    weightsPath: null,
    engine: 'tensorflow-cpu',
    checkpoint: { path: '/results/a1b2.checkpoint', everyEpochs: 1 },
  };
  expect(decodeRequest(encode(request))).toEqual(request);
});
