import { idxDataset } from '../idx/idx-dataset.js';

/** Xiao, Rasul and Vollgraf 2017: https://github.com/zalandoresearch/fashion-mnist */
export default idxDataset({
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  train: { count: 60_000 },
  test: { count: 10_000 },
  shape: [28, 28, 1],
  classes: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  mean: [0.2860405969887955],
  deviation: [0.35302424451492237],
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte',
      sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte',
      sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte',
      sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte',
      sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  },
  upstream: ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com'],
  debian: {
    package: 'dataset-fashion-mnist',
    directory: '/usr/share/datasets/fashion-mnist',
    megabytes: 31,
  },
});
