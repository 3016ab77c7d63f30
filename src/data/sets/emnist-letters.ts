import { emnistDataset } from '../emnist/emnist-dataset.js';

/**
 * Letters of both cases, 26 classes: https://www.nist.gov/itl/products-and-services/emnist-dataset. The paper counts 88,800
 * and 14,800 images; the published files hold these.
 */
export default emnistDataset({
  name: 'emnist-letters',
  title: 'EMNIST Letters',
  part: 'letters',
  train: { count: 124_800 },
  test: { count: 20_800 },
  classes: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  firstLabel: 1,
});
