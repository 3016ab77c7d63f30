import { emnistDataset } from '../emnist/emnist-dataset.js';

/** The images of ByClass in 47 classes: cases that look alike are one class, named by the capital. */
export default emnistDataset({
  name: 'emnist-bymerge',
  title: 'EMNIST ByMerge',
  part: 'bymerge',
  train: { count: 697_932 },
  test: { count: 116_323 },
  classes: [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt'],
});
