import { augmentations } from '../../src/augmentations/augmentations.js';
import type { Example } from './example.js';

/** Fields and values that are good alone, but not together, or too few or many. */
export const meaningExamples = {
  'empty-list': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [] }
seeds: []`,
      },
      text: `error[empty-list]: \`matrix.dropout\` is empty
 ┌─ sweep.yaml:2:20
2 │ matrix: { dropout: [] }
  │                    ^^ needs at least one value
error[empty-list]: \`seeds\` is empty
 ┌─ sweep.yaml:3:8
3 │ seeds: []
  │        ^^ needs at least one value`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
extends: []`,
      },
      text: `error[empty-list]: \`extends\` is empty
 ┌─ sweep.yaml:2:10
2 │ extends: []
  │          ^^ needs at least one value`,
    },
  ],
  'duplicate-value': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
seeds:
  - 2017
  - 2018
  - 2017`,
      },
      text: `error[duplicate-value]: \`seeds\` has \`2017\` twice
 ┌─ sweep.yaml:5:5
5 │   - 2017
  │     ^^^^ first given in line 3`,
    },
  ],
  'unknown-augmentation': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations:
  flip: [{ horizontalFip: {} }]`,
      },
      text: `error[unknown-augmentation]: \`horizontalFip\` is not an augmentation
 ┌─ sweep.yaml:3:12
3 │   flip: [{ horizontalFip: {} }]
  │            ^^^^^^^^^^^^^ did you mean \`horizontalFlip\`?
  = allowed: ${augmentations.map(({ name }) => name).join(', ')}`,
    },
  ],
  'unknown-augmentation-set': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations:
  flip: [{ horizontalFlip: {} }]
matrix:
  augmentation: [none, flp]`,
      },
      text: `error[unknown-augmentation-set]: there is no augmentation set \`flp\`
 ┌─ sweep.yaml:5:24
5 │   augmentation: [none, flp]
  │                        ^^^ did you mean \`flip\`?
  = allowed: none, flip
  = help: define the set under \`augmentations\``,
    },
  ],
  'reversed-range': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations:
  mask: [{ randomMask: { area: [0.2, 0.02] } }]`,
      },
      text: `error[reversed-range]: \`augmentations.mask[0].randomMask.area\` runs from 0.2 down to 0.02
 ┌─ sweep.yaml:3:32
3 │   mask: [{ randomMask: { area: [0.2, 0.02] } }]
  │                                ^^^^^^^^^^^ write [0.02, 0.2]`,
    },
  ],
  'holdout-too-large': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
data: { trainSubset: 58000, validation: { holdout: 5000 } }`,
      },
      text: `error[holdout-too-large]: the training subset and the holdout overlap
 ┌─ sweep.yaml:2:22
2 │ data: { trainSubset: 58000, validation: { holdout: 5000 } }
  │                      ^^^^^ at most 55000 with this holdout
  = note: 58000 + 5000 = 63000 images, and the training set has 60000`,
    },
  ],
  'subset-too-large': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
data: { trainSubset: 70000 }`,
      },
      text: `error[subset-too-large]: a training subset of 70000 images is larger than the training set
 ┌─ sweep.yaml:2:22
2 │ data: { trainSubset: 70000 }
  │                      ^^^^^ must be at most 60000
  = note: Fashion-MNIST has 60000 training images`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
data: { validation: { holdout: 5000 } }
matrix: { trainSubset: [6000, 90000], dropout: [0, 0.5] }`,
      },
      text: `error[subset-too-large]: a training subset of 90000 images is larger than the training set
 ┌─ sweep.yaml:3:31
3 │ matrix: { trainSubset: [6000, 90000], dropout: [0, 0.5] }
  │                               ^^^^^ must be at most 55000 with this holdout
  = note: Fashion-MNIST has 60000 training images`,
    },
  ],
  'nothing-to-train-on': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
data: { trainSubset: 600, validation: { holdout: 60000 } }`,
      },
      text: `error[nothing-to-train-on]: a holdout of 60000 images leaves nothing to train on
 ┌─ sweep.yaml:2:50
2 │ data: { trainSubset: 600, validation: { holdout: 60000 } }
  │                                                  ^^^^^ must be less than 60000
  = note: Fashion-MNIST has 60000 training images`,
    },
  ],
  'batch-too-large': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
data: { trainSubset: 64 }
matrix: { dropout: [0, 0.5], batchSize: [32, 128] }`,
      },
      text: `error[batch-too-large]: a batch of 128 images is larger than the training subset
 ┌─ sweep.yaml:3:46
3 │ matrix: { dropout: [0, 0.5], batchSize: [32, 128] }
  │                                              ^^^ must be at most 64, the value of \`trainSubset\``,
    },
  ],
  'alpha-without-weights': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { alpha: [0.5, 1.5], weights: [none, imagenet] }`,
      },
      text: `error[alpha-without-weights]: there are no ImageNet weights for \`alpha: 1.5\`
 ┌─ sweep.yaml:2:24
2 │ matrix: { alpha: [0.5, 1.5], weights: [none, imagenet] }
  │                        ^^^ must be one of 0.25, 0.5, 0.75, 1
  = note: \`weights: imagenet\` is set in sweep.yaml:2
  = help: \`weights: none\` trains any width from random weights`,
    },
    {
      files: {
        'sweep.yaml': `extends: base.yaml
name: flip-vs-mask`,
        'base.yaml': 'params: { alpha: 0.3 }',
      },
      text: `error[alpha-without-weights]: there are no ImageNet weights for \`alpha: 0.3\`
 ┌─ base.yaml:1:18
1 │ params: { alpha: 0.3 }
  │                  ^^^ must be one of 0.25, 0.5, 0.75, 1
  = note: \`weights: imagenet\` is the default
  = help: \`weights: none\` trains any width from random weights`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
extends: base.yaml
overrides: [{ when: { resolution: 28 }, set: { weights: imagenet } }]
zip: { size: { resolution: [28, 56], batchSize: [64, 128] } }
params: { weights: none }
data: { trainSubset: 100 }`,
        'base.yaml': `variants: { tiny: { alpha: 0.3 }, base: { alpha: 0.5 } }`,
      },
      text: `error[batch-too-large]: a batch of 128 images is larger than the training subset
 ┌─ sweep.yaml:4:54
4 │ zip: { size: { resolution: [28, 56], batchSize: [64, 128] } }
  │                                                      ^^^ must be at most 100, the value of \`trainSubset\`
error[alpha-without-weights]: there are no ImageNet weights for \`alpha: 0.3\`
 ┌─ base.yaml:1:28
1 │ variants: { tiny: { alpha: 0.3 }, base: { alpha: 0.5 } }
  │                            ^^^ must be one of 0.25, 0.5, 0.75, 1
  = note: \`weights: imagenet\` is set in sweep.yaml:3
  = help: \`weights: none\` trains any width from random weights`,
    },
  ],
} satisfies Record<string, readonly Example[]>;
