import { emnistDataset } from '../emnist/emnist-dataset.js';

/** Digits of equal number, four times as many as MNIST has. */
export default emnistDataset({
  name: 'emnist-digits',
  title: 'EMNIST Digits',
  part: 'digits',
  train: { count: 240_000 },
  test: { count: 40_000 },
  classes: [...'0123456789'],
});
