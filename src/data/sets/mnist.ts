import { idxDataset } from '../idx/idx-dataset.js';

/**
 * LeCun, Cortes and Burges 1998: http://yann.lecun.com/exdb/mnist. That address serves nothing any more; the mirrors are
 * those of torchvision and of TensorFlow. The hashes of the contents stand in five and more independent repositories,
 * equal in all. Written without having them at hand.
 */
export default idxDataset({
  name: 'mnist',
  title: 'MNIST',
  train: { count: 60_000 },
  test: { count: 10_000 },
  shape: [28, 28, 1],
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  mean: null,
  deviation: null,
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
  upstream: [
    'https://ossci-datasets.s3.amazonaws.com/mnist',
    'https://storage.googleapis.com/cvdf-datasets/mnist',
  ],
  debian: null,
});
