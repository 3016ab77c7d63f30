import type { Example } from './example.js';

/** Axes, rules and sizes that do not fit each other. */
export const expansionExamples = {
  'bad-range': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  dropout: { start: 0, stop: 0.5 }
  alpha: { start: 1, stop: 0.25, step: 0.25 }
  resolution: { start: 28, stop: 56, step: 0 }
  batchSize: { values: [32], start: 3 }
  optimizer.learningRate: { when: { alpha: 1 } }
  weights: { start: 1, stop: 3, step: 1 }`,
      },
      text: `error[bad-range]: \`matrix.dropout\` is not a range
 ┌─ sweep.yaml:3:12
3 │   dropout: { start: 0, stop: 0.5 }
  │            ^^^^^^^^^^^^^^^^^^^^^^^ \`step\` is missing
  = help: write \`{ start: 0, stop: 0.5, step: 0.1 }\` or \`{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }\`
error[bad-range]: \`matrix.alpha\` is not a range
 ┌─ sweep.yaml:4:10
4 │   alpha: { start: 1, stop: 0.25, step: 0.25 }
  │          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ \`step\` leads away from \`stop\`
  = help: write \`{ start: 0, stop: 0.5, step: 0.1 }\` or \`{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }\`
error[bad-range]: \`matrix.resolution\` is not a range
 ┌─ sweep.yaml:5:15
5 │   resolution: { start: 28, stop: 56, step: 0 }
  │               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ \`step\` is 0
  = help: write \`{ start: 0, stop: 0.5, step: 0.1 }\` or \`{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }\`
error[bad-range]: \`matrix.batchSize\` is not a range
 ┌─ sweep.yaml:6:14
6 │   batchSize: { values: [32], start: 3 }
  │              ^^^^^^^^^^^^^^^^^^^^^^^^^^ \`values\` and \`start\` give the values twice
  = help: write \`{ start: 0, stop: 0.5, step: 0.1 }\` or \`{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }\`
error[bad-range]: \`matrix.optimizer.learningRate\` is not a range
 ┌─ sweep.yaml:7:27
7 │   optimizer.learningRate: { when: { alpha: 1 } }
  │                           ^^^^^^^^^^^^^^^^^^^^^^ it has no values
  = help: write \`{ start: 0, stop: 0.5, step: 0.1 }\` or \`{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }\`
error[bad-range]: \`matrix.weights\` is not a range
 ┌─ sweep.yaml:8:12
8 │   weights: { start: 1, stop: 3, step: 1 }
  │            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ its values are no numbers: write them as a list
  = help: write \`{ start: 0, stop: 0.5, step: 0.1 }\` or \`{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }\``,
    },
  ],
  'range-too-large': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  dropout: { start: 0, stop: 0.9, step: 1e-9 }
  optimizer.learningRate: { logspace: { start: 1e-9, stop: 1, count: 1000000000000 } }`,
      },
      text: `error[range-too-large]: \`matrix.dropout\` has 900000001 values
 ┌─ sweep.yaml:3:12
3 │   dropout: { start: 0, stop: 0.9, step: 1e-9 }
  │            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the ranges of a file may have 100000 values in total
  = note: (0.9 − 0) / 1e-9 + 1 = 900000001
error[range-too-large]: \`matrix.optimizer.learningRate\` has 1000000000000 values
 ┌─ sweep.yaml:4:27
4 │   optimizer.learningRate: { logspace: { start: 1e-9, stop: 1, count: 1000000000000 } }
  │                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the ranges of a file may have 100000 values in total
  = note: count = 1000000000000`,
    },
  ],
  'zip-lengths': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
zip:
  size: { resolution: [28, 56, 112], batchSize: [64, 32], alpha: [1, 1, 1] }`,
      },
      text: `error[zip-lengths]: the lists of \`zip.size\` differ in length
 ┌─ sweep.yaml:3:3
3 │   size: { resolution: [28, 56, 112], batchSize: [64, 32], alpha: [1, 1, 1] }
  │   ^^^^ they move together, row by row
  = note: \`resolution\` has 3, \`batchSize\` has 2, \`alpha\` has 3`,
    },
  ],
  'axis-conflict': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
extends: base.yaml
variants:
  wide: { alpha: 1, optimizer: { learningRate: 0.1 } }
  slow: { optimizer: { learningRate: 0.01 } }
zip:
  size: { resolution: [28, 56], alpha: [1, 0.5] }
overrides: [{ when: { dropout: 0 }, set: { dropout: 0.1 } }]`,
        'base.yaml': `matrix:
  resolution: [28, 56]
  dropout: [0, 0.5]
  optimizer: [{ learningRate: 0.01 }]`,
      },
      text: `error[axis-conflict]: \`resolution\` is given by two dimensions
 ┌─ sweep.yaml:7:11
7 │   size: { resolution: [28, 56], alpha: [1, 0.5] }
  │           ^^^^^^^^^^ here by \`zip.size\`; a parameter belongs to one dimension only
  = note: \`resolution\` is also given by \`matrix\` in base.yaml:2
error[axis-conflict]: \`alpha\` is given by two dimensions
 ┌─ sweep.yaml:7:33
7 │   size: { resolution: [28, 56], alpha: [1, 0.5] }
  │                                 ^^^^^ here by \`zip.size\`; a parameter belongs to one dimension only
  = note: \`alpha\` is also given by \`variants.wide\` in sweep.yaml:4
error[axis-conflict]: \`dropout\` is given by two dimensions
 ┌─ sweep.yaml:8:44
8 │ overrides: [{ when: { dropout: 0 }, set: { dropout: 0.1 } }]
  │                                            ^^^^^^^ here by \`overrides[0].set\`; a parameter belongs to one dimension only
  = note: \`dropout\` is also given by \`matrix\` in base.yaml:3
error[axis-conflict]: \`optimizer\` and \`optimizer.learningRate\` give the same parameter
 ┌─ base.yaml:4:3
4 │   optimizer: [{ learningRate: 0.01 }]
  │   ^^^^^^^^^ here by \`matrix\`; a parameter belongs to one dimension only
  = note: \`optimizer.learningRate\` is also given by \`variants.wide\` in sweep.yaml:4`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  optimizer: [{ learningRate: 0.01 }]
  optimizer.learningRate: [0.1]`,
      },
      text: `error[axis-conflict]: \`optimizer.learningRate\` and \`optimizer\` give the same parameter
 ┌─ sweep.yaml:4:3
4 │   optimizer.learningRate: [0.1]
  │   ^^^^^^^^^^^^^^^^^^^^^^ here by \`matrix\`; a parameter belongs to one dimension only
  = note: \`optimizer\` is also given by \`matrix\` in sweep.yaml:3`,
    },
  ],
  'condition-cycle': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  alpha: { values: [0.5, 1], when: { dropout: 0 } }
  dropout: { values: [0, 0.5], when: { alpha: 1 } }`,
      },
      text: `error[condition-cycle]: these conditions depend on each other
 ┌─ sweep.yaml:3:30
3 │   alpha: { values: [0.5, 1], when: { dropout: 0 } }
  │                              ^^^^ an axis cannot depend on itself
  = chain: alpha → dropout → alpha`,
    },
  ],
  'nothing-matches': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations: { flip: [{ horizontalFlip: {} }], mask: [{ randomMask: {} }] }
matrix:
  augmentation: [none, mask]
  resolution: [28, 56]
  dropout: { values: [0, 0.2], when: { weights: none } }
exclude:
  - { augmentation: mask, resolution: 112 }
  - { variant: wide }
variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
overrides: [{ when: { alpha: 0.5 }, set: { batchSize: 32 } }]`,
      },
      text: `error[nothing-matches]: \`matrix.dropout.when\` matches no cell
 ┌─ sweep.yaml:6:32
6 │   dropout: { values: [0, 0.2], when: { weights: none } }
  │                                ^^^^
  = note: values of \`weights\`: imagenet
error[nothing-matches]: \`exclude[0]\` matches no cell
 ┌─ sweep.yaml:8:5
8 │   - { augmentation: mask, resolution: 112 }
  │     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = note: values of \`augmentation\`: none, mask
  = note: values of \`resolution\`: 28, 56
  = note: a cell must have all the values of a rule at once
error[nothing-matches]: \`overrides[0].when\` matches no cell
  ┌─ sweep.yaml:11:15
11 │ overrides: [{ when: { alpha: 0.5 }, set: { batchSize: 32 } }]
   │               ^^^^
   = note: values of \`alpha\`: 0.25`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations: { flip: [{ horizontalFlip: {} }], mask: [{ randomMask: {} }] }
matrix: { augmentation: [none, mask] }
compare: { baseline: { augmentation: flip } }`,
      },
      text: `error[nothing-matches]: \`compare.baseline\` matches no cell
 ┌─ sweep.yaml:4:12
4 │ compare: { baseline: { augmentation: flip } }
  │            ^^^^^^^^
  = note: values of \`augmentation\`: none, mask`,
    },
  ],
  'nothing-left': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { resolution: [28, 56] }
exclude: [{ weights: imagenet }]
overrides: [{ when: { resolution: 28 }, set: { epochs: 2 } }]
compare: { baseline: { resolution: 28 } }`,
      },
      text: `error[nothing-left]: the rules leave no cell
 ┌─ sweep.yaml:3:1
3 │ exclude: [{ weights: imagenet }]
  │ ^^^^^^^ all cells are excluded
  = note: resolution (2) = 2 cells − 2 by exclude[0] = 0 cells × 1 seed = 0 trials`,
    },
  ],
  'partial-include': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations: { flip: [{ horizontalFlip: {} }], mask: [{ randomMask: {} }] }
matrix: { augmentation: [none, flip], resolution: [28, 56] }
include: [{ resolution: 112 }]`,
      },
      text: `error[partial-include]: this cell has no value for \`augmentation\`
 ┌─ sweep.yaml:4:11
4 │ include: [{ resolution: 112 }]
  │           ^^^^^^^^^^^^^^^^^^^ \`include\` adds complete cells, with a value for every axis
  = note: values of \`augmentation\`: none, flip`,
    },
  ],
  'too-many-rules': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params: { weights: none }
matrix: { dropout: { start: 0, stop: 0.9, step: 0.0001 } }
exclude: [${Array(1200).fill('{ epochs: 50 }').join()}]`,
      },
      text: `error[too-many-rules]: \`exclude\` has 1200 rules, too many for 9001 cells
 ┌─ sweep.yaml:4:1
4 │ exclude: [{ epochs: 50 },{ epochs: 50 },{ epochs: 50 },{ epochs: 50 },{ epochs: 50 },{ epochs: 50 },{ epochs: 50 },{ epo…
  │ ^^^^^^^ rules × cells may be at most 10000000`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params: { weights: none }
matrix: [{ dropout: { start: 0, stop: 0.9, step: 0.0001 }, exclude: [${Array(1200).fill('{ epochs: 1 }').join()}] }]
overrides: [${Array(1200).fill('{ when: { epochs: 50 }, set: { epochs: 1 } }').join()}]`,
      },
      text: `error[too-many-rules]: \`matrix[0].exclude\` has 1200 rules, too many for 9001 cells
 ┌─ sweep.yaml:3:60
3 │ matrix: [{ dropout: { start: 0, stop: 0.9, step: 0.0001 }, exclude: [{ epochs: 1 },{ epochs: 1 },{ epochs: 1 },{ epochs:…
  │                                                            ^^^^^^^ rules × cells may be at most 10000000
error[too-many-rules]: \`overrides\` has 1200 rules, too many for 9001 cells
 ┌─ sweep.yaml:4:1
4 │ overrides: [{ when: { epochs: 50 }, set: { epochs: 1 } },{ when: { epochs: 50 }, set: { epochs: 1 } },{ when: { epochs: …
  │ ^^^^^^^^^ rules × cells may be at most 10000000`,
    },
  ],
  'over-budget': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { resolution: [28, 56], dropout: [0, 0.2, 0.5] }
exclude: [{ resolution: 28, dropout: 0 }]
seeds: { count: 6 }
budget: { maxTrials: 20 }`,
      },
      text: `error[over-budget]: this plan has 30 trials, more than its budget of 20
 ┌─ sweep.yaml:5:22
5 │ budget: { maxTrials: 20 }
  │                      ^^ a plan is never cut; make it smaller, or raise the budget
  = note: resolution (2) × dropout (3) = 6 cells − 1 by exclude[0] = 5 cells × 6 seeds = 30 trials`,
    },
  ],
  'too-many-trials': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.5], resolution: [28, 56] }
seeds: { count: 40000 }`,
      },
      text: `error[too-many-trials]: this plan has 160000 trials, more than 100000
 ┌─ sweep.yaml:2:1
2 │ matrix: { dropout: [0, 0.5], resolution: [28, 56] }
  │ ^^^^^^
  = note: dropout (2) × resolution (2) = 4 cells × 40000 seeds = 160000 trials`,
    },
    {
      files: { 'sweep.yaml': `name: flip-vs-mask` },
      sets: ['seeds={ count: 4294967295, base: 1 }'],
      text: `error[too-many-trials]: this plan has 4294967295 trials, more than 100000
 ┌─ --set:1:1
1 │ seeds={ count: 4294967295, base: 1 }
  │ ^^^^^
  = note: 1 cell × 4294967295 seeds = 4294967295 trials`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  resolution: { start: 8, stop: 512, step: 1 }
  dropout: { start: 0, stop: 0.999, step: 0.001 }
seeds: { count: 2 }`,
      },
      text: `error[too-many-trials]: this plan has 1010000 trials, more than 100000
 ┌─ sweep.yaml:2:1
2 │ matrix:
  │ ^^^^^^
  = note: resolution (505) × dropout (1000) = 505000 cells × 2 seeds = 1010000 trials`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix:
  weights: [none, imagenet]
  dropout: { start: 0, stop: 0.9, step: 0.001 }
  optimizer.learningRate: { start: 0.001, stop: 1, step: 0.001, when: { weights: none } }`,
      },
      text: `error[too-many-trials]: this plan has more than 100000 cells
 ┌─ sweep.yaml:2:1
2 │ matrix:
  │ ^^^^^^
  = note: weights (2) × dropout (901) × optimizer.learningRate (1000 where it exists)`,
    },
  ],
} satisfies Record<string, readonly Example[]>;
