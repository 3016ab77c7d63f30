import { emnistDataset } from '../emnist/emnist-dataset.js';

/** Digits and letters, 47 classes of equal size; cases that look alike are one class, named by the capital. */
export default emnistDataset({
  name: 'emnist-balanced',
  title: 'EMNIST Balanced',
  part: 'balanced',
  train: { count: 112_800 },
  test: { count: 18_800 },
  classes: [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt'],
});
