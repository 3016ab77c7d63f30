import { cifarDataset } from '../cifar/cifar-dataset.js';

// The order of fine_label_names.txt in the archive, as torchvision lists it.
const fineLabels = `
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle
  bowl boy bridge bus butterfly camel can castle caterpillar cattle
  chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur
  dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
  lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain
  mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree
  plain plate poppy porcupine possum rabbit raccoon ray road rocket
  rose sea seal shark shrew skunk skyscraper snail snake spider
  squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
  train trout tulip turtle wardrobe whale willow_tree wolf woman worm
`;

/**
 * Krizhevsky 2009: https://www.cs.toronto.edu/~kriz/cifar.html. Its 100 fine classes. Size and SHA-256 of the archive:
 * tensorflow_datasets, url_checksums/cifar100.txt; its MD5 is 03b5dce01913d631647c71ecec9e9cb8 (the publisher's page). The
 * hashes of the files: torchvision for Ruby. Written without having them at hand.
 */
export default cifarDataset({
  name: 'cifar-100',
  title: 'CIFAR-100',
  classes: fineLabels.trim().split(/\s+/),
  labelBytes: 2, // coarse, fine
  trainFiles: [
    {
      name: 'train.bin',
      images: 50_000,
      sha256: 'f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29',
    },
  ],
  testFiles: [
    {
      name: 'test.bin',
      images: 10_000,
      sha256: 'd8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a',
    },
  ],
  archive: {
    name: 'cifar-100-binary.tar.gz',
    bytes: 168_513_733,
    sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    of: 'file',
  },
  upstream: ['https://cave.cs.toronto.edu/kriz', 'https://www.cs.toronto.edu/~kriz'],
});
