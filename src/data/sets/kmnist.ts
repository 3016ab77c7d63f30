import { idxDataset } from '../idx/idx-dataset.js';

/**
 * Clanuwat et al. 2018: https://github.com/rois-codh/kmnist. Sizes and hashes of the gzip files as they are published:
 * tensorflow_datasets, url_checksums/kmnist.txt, and the same in torchvision; the hashes of their contents are not known,
 * so plain files are not taken. Written without having them at hand.
 */
export default idxDataset({
  name: 'kmnist',
  title: 'Kuzushiji-MNIST',
  train: { count: 60_000 },
  test: { count: 10_000 },
  shape: [28, 28, 1],
  classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  mean: null,
  deviation: null,
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte.gz',
      gzip: {
        bytes: 18_165_135,
        sha256: '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4',
      },
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte.gz',
      gzip: {
        bytes: 29_497,
        sha256: 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17',
      },
    },
    testImages: {
      name: 't10k-images-idx3-ubyte.gz',
      gzip: {
        bytes: 3_041_136,
        sha256: 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5',
      },
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte.gz',
      gzip: {
        bytes: 5_120,
        sha256: '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c',
      },
    },
  },
  upstream: ['https://codh.rois.ac.jp/kmnist/dataset/kmnist'],
  debian: null,
});
