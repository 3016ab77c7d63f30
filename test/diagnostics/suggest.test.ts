import { expect, test } from 'vitest';
import { suggest } from '../../src/diagnostics/suggest.js';

const params = [
  'alpha',
  'weights',
  'resolution',
  'dropout',
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
];

test.each([
  ['dropuot', 'dropout'],
  ['batch_size', 'batchSize'],
  ['Epochs', 'epochs'],
  ['epoch', 'epochs'],
  ['weigth', 'weights'],
  ['lr', null],
  ['momentum', null],
  ['', null],
  ['x'.repeat(1000), null],
])('%s → %s', (word, meant) => {
  expect(suggest(word, params)).toBe(meant);
});

test('says nothing where two are as near', () => {
  expect(suggest('flop', ['flip', 'flap'])).toBeNull();
});
