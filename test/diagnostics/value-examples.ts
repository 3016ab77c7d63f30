import { parameterNames } from '../../src/spec/schema/compile-schema.js';
import type { Example } from './example.js';

/** Files that are YAML, but no experiment. */
export const valueExamples = {
  'unknown-field': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  dropuot: [0, 0.2]`,
      },
      text: `error[unknown-field]: \`dropuot\` is not a parameter
 ┌─ sweep.yaml:3:3
3 │   dropuot: [0, 0.2]
  │   ^^^^^^^ did you mean \`dropout\`?
  = allowed: ${[...parameterNames(), 'exclude', 'zip'].sort().join(', ')}`,
    },
    {
      files: {
        'sweep.yaml': `nmae: flip-vs-mask
zipped: {}
data: { subset: 600 }`,
      },
      text: `error[unknown-field]: \`nmae\` is not a field of an experiment
 ┌─ sweep.yaml:1:1
1 │ nmae: flip-vs-mask
  │ ^^^^ did you mean \`name\`?
  = allowed: augmentations, budget, checkpoint, compare, data, datasets, description, exclude, extends, include, matrix, metric, mode, name, order, overrides, params, resources, retry, save, seeds, variants, zip
error[unknown-field]: \`zipped\` is not a field of an experiment
 ┌─ sweep.yaml:2:1
2 │ zipped: {}
  │ ^^^^^^
  = allowed: augmentations, budget, checkpoint, compare, data, datasets, description, exclude, extends, include, matrix, metric, mode, name, order, overrides, params, resources, retry, save, seeds, variants, zip
error[unknown-field]: \`subset\` is not a field of \`data\`
 ┌─ sweep.yaml:3:9
3 │ data: { subset: 600 }
  │         ^^^^^^
  = allowed: trainSubset, validation`,
    },
    {
      files: { 'sweep.yaml': 'name: flip-vs-mask' },
      sets: ['params.optimizer.learning_rate=1'],
      text: `error[unknown-field]: \`learning_rate\` is not a field of \`params.optimizer\`
 ┌─ --set:1:18
1 │ params.optimizer.learning_rate=1
  │                  ^^^^^^^^^^^^^ did you mean \`learningRate\`?
  = allowed: learningRate, momentum, name, weightDecay`,
    },
  ],
  'missing-field': [
    {
      files: { 'sweep.yaml': '' },
      text: `error[missing-field]: \`name\` is missing
 ┌─ sweep.yaml:1:1
1 │
  │ ^ add \`name: flip-vs-mask\``,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
seeds: { base: 2017 }
data:
  validation: {}`,
      },
      text: `error[missing-field]: \`count\` is missing from \`seeds\`
 ┌─ sweep.yaml:2:1
2 │ seeds: { base: 2017 }
  │ ^^^^^ add \`count: 6\`
error[missing-field]: \`holdout\` is missing from \`data.validation\`
 ┌─ sweep.yaml:4:3
4 │   validation: {}
  │   ^^^^^^^^^^ add \`holdout: 0.2\``,
    },
  ],
  'wrong-type': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params:
  epochs: "50"
  resolution: 56.5
  optimizer: adam
  alpha:
seeds: 2017
data: [test]
matrix:
  augmentation: none
resources: { maxConcurrentTrials: "4" }`,
      },
      text: `error[wrong-type]: expected \`params.epochs\` to be a whole number, got the text \`50\`
 ┌─ sweep.yaml:3:11
3 │   epochs: "50"
  │           ^^^^ write a number without quotes: 50
error[wrong-type]: expected \`params.resolution\` to be a whole number, got \`56.5\`
 ┌─ sweep.yaml:4:15
4 │   resolution: 56.5
  │               ^^^^
error[wrong-type]: expected \`params.optimizer\` to be a mapping with \`name\`, \`learningRate\`, \`momentum\` and \`weightDecay\`, got the text \`adam\`
 ┌─ sweep.yaml:5:14
5 │   optimizer: adam
  │              ^^^^ write \`{ name: adam }\`
error[wrong-type]: expected \`params.alpha\` to be a number, got nothing
 ┌─ sweep.yaml:6:3
6 │   alpha:
  │   ^^^^^
error[wrong-type]: expected \`seeds\` to be a list or a mapping, got \`2017\`
 ┌─ sweep.yaml:7:8
7 │ seeds: 2017
  │        ^^^^ write \`[2017]\` or \`{ count: 2017 }\`
error[wrong-type]: expected \`data\` to be a mapping with \`trainSubset\` and \`validation\`, got a list
 ┌─ sweep.yaml:8:7
8 │ data: [test]
  │       ^^^^^^
error[wrong-type]: expected \`matrix.augmentation\` to be a list or a mapping with \`values\` and \`when\`, got the text \`none\`
  ┌─ sweep.yaml:10:17
10 │   augmentation: none
   │                 ^^^^ write \`[none]\`
error[wrong-type]: expected \`resources.maxConcurrentTrials\` to be \`auto\` or a whole number, got the text \`4\`
  ┌─ sweep.yaml:11:35
11 │ resources: { maxConcurrentTrials: "4" }
   │                                   ^^^ write a number without quotes: 4`,
    },
    {
      files: { 'sweep.yaml': '- flip' },
      text: `error[wrong-type]: expected \`sweep.yaml\` to be a mapping of fields, got a list
 ┌─ sweep.yaml:1:1
1 │ - flip
  │ ^^^^^^ write the fields of a mapping without \`- \``,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
extends: [3]
augmentations: { flip: [horizontalFlip], mask: randomMask }
matrix:
  optimizer: adam`,
      },
      text: `error[wrong-type]: expected \`extends\` to be a path or a list of paths, got \`3\`
 ┌─ sweep.yaml:2:11
2 │ extends: [3]
  │           ^
error[wrong-type]: expected \`augmentations.flip[0]\` to be a mapping, got the text \`horizontalFlip\`
 ┌─ sweep.yaml:3:25
3 │ augmentations: { flip: [horizontalFlip], mask: randomMask }
  │                         ^^^^^^^^^^^^^^ write \`{ horizontalFlip: {} }\`
error[wrong-type]: expected \`augmentations.mask\` to be a list, got the text \`randomMask\`
 ┌─ sweep.yaml:3:48
3 │ augmentations: { flip: [horizontalFlip], mask: randomMask }
  │                                                ^^^^^^^^^^ write \`[{ randomMask: {} }]\`
error[wrong-type]: expected \`matrix.optimizer\` to be a list or a mapping with \`values\` and \`when\`, got the text \`adam\`
 ┌─ sweep.yaml:5:14
5 │   optimizer: adam
  │              ^^^^ write \`[{ name: adam }]\``,
    },
  ],
  'wrong-size': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations:
  none: [{ horizontalFlip: {} }]
  both: [{ horizontalFlip: {}, randomMask: {} }]
  mask: [{ randomMask: { area: [0.1] } }]`,
      },
      text: `error[wrong-size]: expected \`augmentations.none\` to hold no values, got 1
 ┌─ sweep.yaml:3:9
3 │   none: [{ horizontalFlip: {} }]
  │         ^^^^^^^^^^^^^^^^^^^^^^^^
error[wrong-size]: expected \`augmentations.both[0]\` to hold one augmentation, got 2
 ┌─ sweep.yaml:4:10
4 │   both: [{ horizontalFlip: {}, randomMask: {} }]
  │          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
error[wrong-size]: expected \`augmentations.mask[0].randomMask.area\` to hold 2 values, got 1
 ┌─ sweep.yaml:5:32
5 │   mask: [{ randomMask: { area: [0.1] } }]
  │                                ^^^^^`,
    },
  ],
  'out-of-range': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params: { alpha: 0, dropout: 1 }
matrix: { resolution: [28, 1024] }
seeds: { count: 3, base: 4294967295 }
resources: { maxConcurrentTrials: 0 }`,
      },
      text: `error[out-of-range]: \`params.alpha\` is out of range: \`0\`
 ┌─ sweep.yaml:2:18
2 │ params: { alpha: 0, dropout: 1 }
  │                  ^ must be more than 0 and at most 2
error[out-of-range]: \`params.dropout\` is out of range: \`1\`
 ┌─ sweep.yaml:2:30
2 │ params: { alpha: 0, dropout: 1 }
  │                              ^ must be at least 0 and less than 1
error[out-of-range]: \`matrix.resolution[1]\` is out of range: \`1024\`
 ┌─ sweep.yaml:3:28
3 │ matrix: { resolution: [28, 1024] }
  │                            ^^^^ must be at least 8 and at most 512
error[out-of-range]: \`seeds.count\` is out of range: \`3\`
 ┌─ sweep.yaml:4:17
4 │ seeds: { count: 3, base: 4294967295 }
  │                 ^ must be at most 1: seeds end at 4294967295
error[out-of-range]: \`resources.maxConcurrentTrials\` is out of range: \`0\`
 ┌─ sweep.yaml:5:35
5 │ resources: { maxConcurrentTrials: 0 }
  │                                   ^ must be at least 1`,
    },
  ],
  'not-allowed': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params: { weights: imagnet }
data: { validation: tset }
metric: { select: middle }`,
      },
      text: `error[not-allowed]: the text \`imagnet\` is not a value of \`params.weights\`
 ┌─ sweep.yaml:2:20
2 │ params: { weights: imagnet }
  │                    ^^^^^^^ did you mean \`imagenet\`?
  = allowed: imagenet, none
error[not-allowed]: the text \`tset\` is not a value of \`data.validation\`
 ┌─ sweep.yaml:3:21
3 │ data: { validation: tset }
  │                     ^^^^ did you mean \`test\`?
  = allowed: test, val, a mapping with \`holdout\`
error[not-allowed]: the text \`middle\` is not a value of \`metric.select\`
 ┌─ sweep.yaml:4:19
4 │ metric: { select: middle }
  │                   ^^^^^^
  = allowed: best, last`,
    },
  ],
  'misread-name': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations: { None: [], 'null': [{ horizontalFlip: {} }], 1e5: [{ randomMask: {} }] }
variants: { True: { alpha: 1 }, narrow: { alpha: 0.25 } }
matrix: { augmentation: [none, 'null', None] }`,
      },
      text: `error[misread-name]: \`None\` cannot be a name
 ┌─ sweep.yaml:2:18
2 │ augmentations: { None: [], 'null': [{ horizontalFlip: {} }], 1e5: [{ randomMask: {} }] }
  │                  ^^^^ a name such as \`set-None\` stays as it is
  = note: names are values in the CSV files, and programs such as pandas read this one as a missing value
error[misread-name]: \`null\` cannot be a name
 ┌─ sweep.yaml:2:28
2 │ augmentations: { None: [], 'null': [{ horizontalFlip: {} }], 1e5: [{ randomMask: {} }] }
  │                            ^^^^^^ a name such as \`set-null\` stays as it is
  = note: names are values in the CSV files, and programs such as pandas read this one as a missing value
error[misread-name]: \`1e5\` cannot be a name
 ┌─ sweep.yaml:2:62
2 │ augmentations: { None: [], 'null': [{ horizontalFlip: {} }], 1e5: [{ randomMask: {} }] }
  │                                                              ^^^ a name such as \`set-1e5\` stays as it is
  = note: names are values in the CSV files, and programs such as pandas read this one as a number
error[misread-name]: \`True\` cannot be a name
 ┌─ sweep.yaml:3:13
3 │ variants: { True: { alpha: 1 }, narrow: { alpha: 0.25 } }
  │             ^^^^ a name such as \`variant-True\` stays as it is
  = note: names are values in the CSV files, and programs such as pandas read this one as a truth value`,
    },
  ],
  'invalid-name': [
    {
      files: {
        'sweep.yaml': `name: Flip vs mask
augmentations: { "flip.often": [] }`,
      },
      text: `error[invalid-name]: \`Flip vs mask\` cannot be a name
 ┌─ sweep.yaml:1:7
1 │ name: Flip vs mask
  │       ^^^^^^^^^^^^
  = allowed: up to 64 lowercase letters, digits, \`.\`, \`_\` and \`-\`, a letter or digit first
error[invalid-name]: \`flip.often\` cannot be a name
 ┌─ sweep.yaml:2:18
2 │ augmentations: { "flip.often": [] }
  │                  ^^^^^^^^^^^^
  = allowed: up to 64 letters, digits, \`_\` and \`-\`, a letter or digit first`,
    },
  ],
} satisfies Record<string, readonly Example[]>;
