import { cifarDataset } from '../cifar/cifar-dataset.js';

/**
 * Krizhevsky 2009: https://www.cs.toronto.edu/~kriz/cifar.html. Size and SHA-256 of the archive: tensorflow_datasets,
 * url_checksums/cifar10.txt; its MD5 is c32a1d4ab5d03f1284b67883e8d87530 (the publisher's page). The hashes of the files:
 * torchvision for Ruby; that of test_batch.bin stands in two more repositories. Written without having them at hand.
 */
export default cifarDataset({
  name: 'cifar-10',
  title: 'CIFAR-10',
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  labelBytes: 1,
  trainFiles: [
    'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
    'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
    'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
    '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
    '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
  ].map((sha256, index) => ({ name: `data_batch_${index + 1}.bin`, images: 10_000, sha256 })),
  testFiles: [
    {
      name: 'test_batch.bin',
      images: 10_000,
      sha256: '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
    },
  ],
  archive: {
    name: 'cifar-10-binary.tar.gz',
    bytes: 170_052_171,
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    of: 'file',
  },
  upstream: ['https://cave.cs.toronto.edu/kriz', 'https://www.cs.toronto.edu/~kriz'],
});
