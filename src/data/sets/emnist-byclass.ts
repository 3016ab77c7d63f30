import { emnistDataset } from '../emnist/emnist-dataset.js';

/** All of NIST's digits and letters, 62 classes of very unequal size. Its images are 638 MB in memory. */
export default emnistDataset({
  name: 'emnist-byclass',
  title: 'EMNIST ByClass',
  part: 'byclass',
  train: { count: 697_932 },
  test: { count: 116_323 },
  classes: [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
});
