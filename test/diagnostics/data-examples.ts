import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Example } from './example.js';

const image = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../fixtures/images/good/${name}`, import.meta.url)));

/** An IDX file of these bytes. */
function idx(shape: readonly number[], ...values: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(shape.length, 3);
  for (const [index, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * index);
  return Buffer.concat([header, Uint8Array.from(values)]);
}

/** What can be wrong with `datasets`, and with what it names. */
export const dataExamples = {
  'unknown-dataset': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers } }
params: { dataset: flower }`,
      },
      text: `error[unknown-dataset]: there is no data set \`flower\`
 ┌─ sweep.yaml:3:20
3 │ params: { dataset: flower }
  │                    ^^^^^^ did you mean \`flowers\`?
  = of this file: flowers
  = known without an entry: cifar-10, cifar-100, emnist-balanced, emnist-byclass, emnist-bymerge, emnist-digits, emnist-letters, fashion-mnist, kmnist, mnist`,
    },
    {
      files: {
        'sweep.yaml': `name: own
matrix: { dataset: [fashion-mnist, cifar10] }`,
      },
      text: `error[unknown-dataset]: there is no data set \`cifar10\`
 ┌─ sweep.yaml:2:36
2 │ matrix: { dataset: [fashion-mnist, cifar10] }
  │                                    ^^^^^^^ did you mean \`cifar-10\`?
  = known without an entry: cifar-10, cifar-100, emnist-balanced, emnist-byclass, emnist-bymerge, emnist-digits, emnist-letters, fashion-mnist, kmnist, mnist
  = help: \`datasets: { flowers: { folder: ./flowers } }\` names a folder of your own images`,
    },
  ],
  'data-path': [
    {
      files: {
        'sweep.yaml': `name: own
datasets:
  flowers: { folder: ./flowrs }
params: { dataset: flowers }`,
        'flowers/roses/1.png': image('rgb.png'),
      },
      text: `error[data-path]: there is no folder \`./flowrs\`
 ┌─ sweep.yaml:3:22
3 │   flowers: { folder: ./flowrs }
  │                      ^^^^^^^^ did you mean \`./flowers\`?
  = note: the path is relative to the file that names it: \`flowrs\``,
    },
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: ./flowers } }
params: { dataset: listed }`,
        'flowers/roses/1.png': image('rgb.png'),
      },
      text: `error[data-path]: there is no file \`./flowers\`
 ┌─ sweep.yaml:2:28
2 │ datasets: { listed: { csv: ./flowers } }
  │                            ^^^^^^^^^ it is a folder
  = note: the path is relative to the file that names it: \`flowers\``,
    },
  ],
  'no-classes': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers } }
params: { dataset: flowers }`,
        'flowers/1.png': image('rgb.png'),
        'flowers/2.png': image('rgb.png'),
      },
      text: `error[no-classes]: \`./flowers\` has no folders, and each class needs one
 ┌─ sweep.yaml:2:32
2 │ datasets: { flowers: { folder: ./flowers } }
  │                                ^^^^^^^^^ 2 images lie directly in it
  = help: move the images of each class into a folder of its own, or list them: \`{ csv: labels.csv }\``,
    },
  ],
  'one-class': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers } }
params: { dataset: flowers }`,
        'flowers/roses/1.png': image('rgb.png'),
      },
      text: `error[one-class]: \`./flowers\` has one class, \`roses\`
 ┌─ sweep.yaml:2:32
2 │ datasets: { flowers: { folder: ./flowers } }
  │                                ^^^^^^^^^ telling classes apart needs two`,
    },
  ],
  'ambiguous-layout': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { wagons: { folder: ./trains } }
params: { dataset: wagons }`,
        'trains/train/freight/1.png': image('rgb.png'),
        'trains/train/1.png': image('rgb.png'),
        'trains/test/freight/1.png': image('rgb.png'),
      },
      text: `error[ambiguous-layout]: \`./trains\` can be read in two ways
 ┌─ sweep.yaml:2:31
2 │ datasets: { wagons: { folder: ./trains } }
  │                               ^^^^^^^^ \`test\` and \`train\` hold images and folders
  = as classes: test, train
  = as splits: test, train
  = help: say which: \`layout: classes\` or \`layout: splits\``,
    },
  ],
  'bad-labels': [
    {
      files: {
        'sweep.yaml': `name: own
datasets:
  letters: { idx: ./letters, trainImages: images, trainLabels: labels }
params: { dataset: letters }`,
        'letters/images': idx([3, 1, 1], 10, 20, 30),
        'letters/labels': idx([3], 1, 2, 3),
      },
      text: `error[bad-labels]: the labels of \`letters\` are 1 to 3, and must be 0 to 2
 ┌─ sweep.yaml:3:19
3 │   letters: { idx: ./letters, trainImages: images, trainLabels: labels }
  │                   ^^^^^^^^^ \`firstLabel: 1\` beside it shifts them`,
    },
  ],
  'channels-without-colour': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { scans: { folder: ./scans, channels: 3 } }
params: { dataset: scans }`,
        'scans/a/1.png': image('grey.png'),
        'scans/b/1.png': image('grey.png'),
      },
      text: `error[channels-without-colour]: \`channels: 3\` asks for colour, and all images of \`scans\` are grey
 ┌─ sweep.yaml:2:49
2 │ datasets: { scans: { folder: ./scans, channels: 3 } }
  │                                                 ^ leave it out, or write \`channels: 1\``,
    },
  ],
  'dataset-field': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { scans: { folder: ./scans, firstLabel: 1, csv: a.csv } }
params: { dataset: scans }`,
        'scans/a/1.png': image('rgb.png'),
        'scans/b/1.png': image('rgb.png'),
      },
      text: `error[dataset-field]: \`firstLabel\` cannot be here
 ┌─ sweep.yaml:2:39
2 │ datasets: { scans: { folder: ./scans, firstLabel: 1, csv: a.csv } }
  │                                       ^^^^^^^^^^ it belongs to \`idx\`, and this is a \`folder\`
error[dataset-field]: \`csv\` cannot be here
 ┌─ sweep.yaml:2:54
2 │ datasets: { scans: { folder: ./scans, firstLabel: 1, csv: a.csv } }
  │                                                      ^^^ a data set is one of \`folder\`, \`idx\` and \`csv\`, and this has \`folder\``,
    },
    {
      files: {
        'sweep.yaml': `name: own
datasets: { fashion-mnist: { folder: ./scans } }`,
      },
      text: `error[dataset-field]: \`fashion-mnist\` cannot be here
 ┌─ sweep.yaml:2:13
2 │ datasets: { fashion-mnist: { folder: ./scans } }
  │             ^^^^^^^^^^^^^ a known data set, which needs no entry, has this name`,
    },
  ],
  'unknown-class': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers, classes: [roses, tulip] } }
params: { dataset: flowers }`,
        'flowers/roses/1.png': image('rgb.png'),
        'flowers/tulips/1.png': image('rgb.png'),
      },
      text: `error[unknown-class]: no image has the class \`tulip\`
 ┌─ sweep.yaml:2:60
2 │ datasets: { flowers: { folder: ./flowers, classes: [roses, tulip] } }
  │                                                            ^^^^^ did you mean \`tulips\`?
  = classes: roses, tulips`,
    },
  ],
  'no-such-split': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers } }
params: { dataset: flowers, batchSize: 2 }
data: { validation: test }`,
        'flowers/roses/1.png': image('rgb.png'),
        'flowers/tulips/1.png': image('rgb.png'),
      },
      text: `error[no-such-split]: flowers has no images for testing
 ┌─ sweep.yaml:4:21
4 │ data: { validation: test }
  │                     ^^^^ \`{ holdout: 0.2 }\` validates on a part of its training images
  = note: there are: train (2 images)`,
    },
  ],
  'class-not-parted': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers } }
params: { dataset: flowers, batchSize: 2 }
data: { validation: { holdout: 0.3 } }`,
        'flowers/roses/1.png': image('rgb.png'),
        'flowers/roses/2.png': image('grey.png'),
        'flowers/roses/3.png': image('wide.png'),
        'flowers/tulips/1.png': image('tall.png'),
      },
      text: `error[class-not-parted]: this holdout leaves no validation image of a class of flowers
 ┌─ sweep.yaml:4:32
4 │ data: { validation: { holdout: 0.3 } }
  │                                ^^^ \`tulips\` has 1 image, and needs one to train on and one to validate
  = help: take another share, add images, or leave the class out with \`classes\``,
    },
  ],
  'too-few-classes': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { flowers: { folder: ./flowers } }
params: { dataset: flowers, batchSize: 2 }
data: { validation: { holdout: 0.5 } }
metric: { name: valTop5 }`,
        'flowers/roses/1.png': image('rgb.png'),
        'flowers/roses/2.png': image('grey.png'),
        'flowers/tulips/1.png': image('wide.png'),
        'flowers/tulips/2.png': image('tall.png'),
      },
      text: `error[too-few-classes]: \`valTop5\` says nothing of five classes or fewer: every image would be right
 ┌─ sweep.yaml:5:17
5 │ metric: { name: valTop5 }
  │                 ^^^^^^^ flowers has 2`,
    },
  ],
  'no-label': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: labels.csv, columns: { label: species } } }
params: { dataset: listed }`,
        'labels.csv': `file,species
img/1.png,daisy
img/1.png,
`,
        'img/1.png': image('rgb.png'),
      },
      text: `error[no-label]: an image has no label
 ┌─ labels.csv:3:11
3 │ img/1.png,
  │           ^ expected a value of the column \`species\``,
    },
  ],
  'bad-csv': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: labels.csv } }
params: { dataset: listed }`,
        'labels.csv': `file,label
"img/1.png,daisy
`,
        'img/1.png': image('rgb.png'),
      },
      text: `error[bad-csv]: this is no CSV file as RFC 4180 has it
 ┌─ labels.csv:2:1
2 │ "img/1.png,daisy
  │ ^ a quote is opened here and never closed`,
    },
  ],
  'unknown-column': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: labels.csv, columns: { label: specis } } }
params: { dataset: listed }`,
        'labels.csv': `file,species
img/1.png,daisy
`,
        'img/1.png': image('rgb.png'),
      },
      text: `error[unknown-column]: there is no column \`specis\`
 ┌─ sweep.yaml:2:58
2 │ datasets: { listed: { csv: labels.csv, columns: { label: specis } } }
  │                                                          ^^^^^^ did you mean \`species\`?
  = columns: file, species
  = note: the first line names the columns; \`columns: { path: …, label: … }\` says which is which`,
    },
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: labels.csv } }
params: { dataset: listed }`,
        'labels.csv': `img/1.png,daisy
img/2.png,rose
`,
        'img/1.png': image('rgb.png'),
      },
      text: `error[unknown-column]: there is no column \`path\`
 ┌─ labels.csv:1:1
1 │ img/1.png,daisy
  │ ^^^^^^^^^^^^^^^
  = columns: img/1.png, daisy
  = note: the first line names the columns; \`columns: { path: …, label: … }\` says which is which
error[unknown-column]: there is no column \`label\`
 ┌─ labels.csv:1:1
1 │ img/1.png,daisy
  │ ^^^^^^^^^^^^^^^
  = columns: img/1.png, daisy
  = note: the first line names the columns; \`columns: { path: …, label: … }\` says which is which`,
    },
  ],
  'unknown-split': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: labels.csv } }
params: { dataset: listed }`,
        'labels.csv': `file,label,split
img/1.png,daisy,tset
`,
        'img/1.png': image('rgb.png'),
      },
      text: `error[unknown-split]: \`tset\` is no part of a data set
 ┌─ labels.csv:2:17
2 │ img/1.png,daisy,tset
  │                 ^^^^ expected train, val or test`,
    },
  ],
  'image-not-found': [
    {
      files: {
        'sweep.yaml': `name: own
datasets: { listed: { csv: labels.csv } }
params: { dataset: listed }`,
        'labels.csv': `file,label
img/1.PNG,daisy
img/2.png,rose
`,
        'img/1.png': image('rgb.png'),
      },
      text: `error[image-not-found]: 2 images of \`labels.csv\` are not there
 ┌─ labels.csv:2:1
2 │ img/1.PNG,daisy
  │ ^^^^^^^^^ did you mean \`img/1.png\`?
  = in line 3: \`img/2.png\`
  = note: paths are relative to the CSV file`,
    },
  ],
} satisfies Record<string, readonly Example[]>;
