import type { Example } from './example.js';

/** Names, limits and comparisons. */
export const comparisonExamples = {
  'unknown-variant': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
variants: { wide: { alpha: 1 }, narrow: { alpha: 0.25 } }
exclude: [{ variant: [wide, narow] }]`,
      },
      text: `error[unknown-variant]: there is no variant \`narow\`
 ┌─ sweep.yaml:3:29
3 │ exclude: [{ variant: [wide, narow] }]
  │                             ^^^^^ did you mean \`narrow\`?
  = allowed: wide, narrow
  = help: define the variant under \`variants\``,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
include: [{ variant: wide }]`,
      },
      text: `error[unknown-variant]: there is no variant \`wide\`
 ┌─ sweep.yaml:2:22
2 │ include: [{ variant: wide }]
  │                      ^^^^
  = help: define the variant under \`variants\``,
    },
  ],
  'invalid-duration': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
budget: { maxDuration: 12 hours, trialTimeout: 90 }`,
      },
      text: `error[invalid-duration]: \`budget.maxDuration\` is not a length of time: the text \`12 hours\`
 ┌─ sweep.yaml:2:24
2 │ budget: { maxDuration: 12 hours, trialTimeout: 90 }
  │                        ^^^^^^^^ write \`12h\`
  = note: the units are d, h, m and s, without spaces
error[invalid-duration]: \`budget.trialTimeout\` is not a length of time: \`90\`
 ┌─ sweep.yaml:2:48
2 │ budget: { maxDuration: 12 hours, trialTimeout: 90 }
  │                                                ^^ write \`90s\`
  = note: the units are d, h, m and s, without spaces`,
    },
  ],
  'unused-setting': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params:
  schedule: { name: cosine, everyEpochs: 10 }
matrix:
  optimizer.name: [adam, rmsprop]
  optimizer.momentum: [0, 0.9]`,
      },
      text: `error[unused-setting]: \`schedule.everyEpochs\` changes nothing
 ┌─ sweep.yaml:3:29
3 │   schedule: { name: cosine, everyEpochs: 10 }
  │                             ^^^^^^^^^^^ no cell has this setting
  = note: \`schedule.name\` is \`cosine\`, without this setting
error[unused-setting]: \`optimizer.momentum\` changes nothing
 ┌─ sweep.yaml:6:3
6 │   optimizer.momentum: [0, 0.9]
  │   ^^^^^^^^^^^^^^^^^^ no cell has this setting
  = note: \`optimizer.name\` is \`adam\` or \`rmsprop\`, without this setting`,
    },
    {
      files: {
        'sweep.yaml': `name: quick
params:
  epochs: 2
  resolution: 28
  schedule: { warmupEpochs: 9 }
  earlyStopping: { minDelta: 0.01 }
augmentations:
  flip: [{ randomCrop: {} }, { horizontalFlip: { probability: 0 } }]
  shift: [{ randomCrop: { padding: 0.01 } }]
matrix: { augmentation: [none, flip, shift] }`,
      },
      text: `error[unused-setting]: \`schedule.warmupEpochs\` cannot take effect
 ┌─ sweep.yaml:5:15
5 │   schedule: { warmupEpochs: 9 }
  │               ^^^^^^^^^^^^ the warm-up of 9 epochs is longer than the 2 epochs of training
error[unused-setting]: \`earlyStopping.minDelta\` cannot take effect
 ┌─ sweep.yaml:6:20
6 │   earlyStopping: { minDelta: 0.01 }
  │                    ^^^^^^^^ without \`earlyStopping.patience\`, training never ends early
error[unused-setting]: \`augmentations.flip[1].horizontalFlip.probability\` cannot take effect
 ┌─ sweep.yaml:8:50
8 │   flip: [{ randomCrop: {} }, { horizontalFlip: { probability: 0 } }]
  │                                                  ^^^^^^^^^^^ at a probability of 0 no image is changed
error[unused-setting]: \`augmentations.shift[0].randomCrop.padding\` cannot take effect
 ┌─ sweep.yaml:9:27
9 │   shift: [{ randomCrop: { padding: 0.01 } }]
  │                           ^^^^^^^ 0.01 of 28 pixels is less than half a pixel`,
    },
    {
      files: {
        'sweep.yaml': `name: quick
params: { epochs: 10 }
matrix:
  schedule.name: [constant, step]
  earlyStopping.patience: [0, 9, 20]
compare: { baseline: { schedule.name: constant } }`,
      },
      text: `error[unused-setting]: \`schedule.name\` cannot take effect
 ┌─ sweep.yaml:4:3
4 │   schedule.name: [constant, step]
  │   ^^^^^^^^^^^^^ the first step down would come after 30 epochs, and training has 10 epochs
error[unused-setting]: \`earlyStopping.patience\` cannot take effect
 ┌─ sweep.yaml:5:3
5 │   earlyStopping.patience: [0, 9, 20]
  │   ^^^^^^^^^^^^^^^^^^^^^^ it ends training after 10 epochs at the earliest, and training has 10 epochs`,
    },
    {
      files: {
        'sweep.yaml': `name: quick
params: { batchSize: 600, schedule: { name: step, everyEpochs: 4, factor: 0.5, warmupEpochs: 2 } }
matrix: { epochs: [1, 6] }`,
      },
      text: `error[unused-setting]: \`schedule.everyEpochs\` cannot take effect
 ┌─ sweep.yaml:2:51
2 │ params: { batchSize: 600, schedule: { name: step, everyEpochs: 4, factor: 0.5, warmupEpochs: 2 } }
  │                                                   ^^^^^^^^^^^ the first step down would come after a warm-up of 2 epochs and 4 epochs, and training has 6 epochs`,
    },
    {
      files: {
        'sweep.yaml': `name: quick
params: { epochs: 2, batchSize: 600, schedule: { name: cosine, warmupEpochs: 2 } }`,
      },
      text: `error[unused-setting]: \`schedule.name\` cannot take effect
 ┌─ sweep.yaml:2:50
2 │ params: { epochs: 2, batchSize: 600, schedule: { name: cosine, warmupEpochs: 2 } }
  │                                                  ^^^^ training ends with the warm-up`,
    },
    {
      files: {
        'sweep.yaml': `name: quick
params: { epochs: 2, batchSize: 600, schedule: { name: cosine, warmupEpochs: 0.004 } }`,
      },
      text: `error[unused-setting]: \`schedule.warmupEpochs\` cannot take effect
 ┌─ sweep.yaml:2:64
2 │ params: { epochs: 2, batchSize: 600, schedule: { name: cosine, warmupEpochs: 0.004 } }
  │                                                                ^^^^^^^^^^^^ the warm-up of 0.004 epochs is over with the first step: an epoch has 100 steps`,
    },
  ],
  'empty-mapping': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
exclude: [{}]
zip: { size: {} }
overrides: [{ when: { alpha: 1 }, set: {} }]
compare: { baseline: {} }`,
      },
      text: `error[empty-mapping]: \`exclude[0]\` is empty
 ┌─ sweep.yaml:2:11
2 │ exclude: [{}]
  │           ^^ needs at least one field
error[empty-mapping]: \`zip.size\` is empty
 ┌─ sweep.yaml:3:14
3 │ zip: { size: {} }
  │              ^^ needs at least one field
error[empty-mapping]: \`overrides[0].set\` is empty
 ┌─ sweep.yaml:4:40
4 │ overrides: [{ when: { alpha: 1 }, set: {} }]
  │                                        ^^ needs at least one field
error[empty-mapping]: \`compare.baseline\` is empty
 ┌─ sweep.yaml:5:22
5 │ compare: { baseline: {} }
  │                      ^^ needs at least one field`,
    },
  ],
  'baseline-not-swept': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { resolution: [28, 56] }
compare: { baseline: { dropout: 0.5 } }`,
      },
      text: `error[baseline-not-swept]: no axis sweeps \`dropout\`, so no cell can differ from its baseline in it
 ┌─ sweep.yaml:3:24
3 │ compare: { baseline: { dropout: 0.5 } }
  │                        ^^^^^^^
  = axes: resolution`,
    },
  ],
  'nothing-compared': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations: { flip: [{ horizontalFlip: {} }] }
matrix: { augmentation: [none, flip], resolution: [28, 56] }
exclude: [{ augmentation: none, resolution: 56 }, { augmentation: flip, resolution: 28 }]
compare: { baseline: { augmentation: none } }`,
      },
      text: `error[nothing-compared]: no cell has a counterpart among the baselines, so nothing is compared
 ┌─ sweep.yaml:5:12
5 │ compare: { baseline: { augmentation: none } }
  │            ^^^^^^^^ a cell and its baseline are equal in \`resolution\`
  = note: baselines
  =       augmentation=none resolution=28
  = note: other cells
  =       augmentation=flip resolution=56`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { resolution: { start: 28, stop: 196, step: 28 } }
exclude: [{ resolution: 28 }]
include: [{ resolution: 28, dropout: 0 }]
compare: { baseline: { resolution: 28 } }`,
      },
      text: `error[nothing-compared]: no cell has a counterpart among the baselines, so nothing is compared
 ┌─ sweep.yaml:5:12
5 │ compare: { baseline: { resolution: 28 } }
  │            ^^^^^^^^ a cell and its baseline are equal in \`dropout\`
  = note: baselines
  =       resolution=28 dropout=0
  = note: other cells
  =       resolution=56 dropout=0.5
  =       resolution=84 dropout=0.5
  =       resolution=112 dropout=0.5
  =       resolution=140 dropout=0.5
  =       resolution=168 dropout=0.5
  =       … and 1 more`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
augmentations: { flip: [{ horizontalFlip: {} }], mirror: [{ horizontalFlip: { probability: 0.5 } }] }
matrix: { augmentation: [flip, mirror] }
compare: { baseline: { augmentation: mirror } }`,
      },
      text: `error[nothing-compared]: every cell is a baseline, so nothing is compared
 ┌─ sweep.yaml:4:12
4 │ compare: { baseline: { augmentation: mirror } }
  │            ^^^^^^^^
  = note: cells
  =       augmentation=flip, mirror
  = note: names that train the same thing are one cell`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0] }
compare: { baseline: { dropout: 0 } }`,
      },
      text: `error[nothing-compared]: every cell is a baseline, so nothing is compared
 ┌─ sweep.yaml:3:12
3 │ compare: { baseline: { dropout: 0 } }
  │            ^^^^^^^^
  = note: cells
  =       dropout=0`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
mode: oneAtATime
matrix: { dropout: [0, 0.2], resolution: [28] }
exclude: [{ dropout: 0.5, resolution: 56 }]`,
      },
      text: `error[nothing-compared]: the rules leave out the baseline, so nothing is compared
 ┌─ sweep.yaml:2:1
2 │ mode: oneAtATime
  │ ^^^^
  = note: cells
  =       dropout=0 resolution=56
  =       dropout=0.2 resolution=56
  =       dropout=0.5 resolution=28`,
    },
  ],
  'ambiguous-baseline': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
zip: { size: { resolution: [56, 56, 112], batchSize: [64, 128, 32] } }
compare: { baseline: { resolution: 56 } }`,
      },
      text: `error[ambiguous-baseline]: a cell has 2 baselines
 ┌─ sweep.yaml:3:12
3 │ compare: { baseline: { resolution: 56 } }
  │            ^^^^^^^^ say which \`batchSize\` the baseline has
  = note: resolution=112 batchSize=32 could be compared with
  =       resolution=56 batchSize=64
  =       resolution=56 batchSize=128`,
    },
  ],
  'same-training': [
    {
      files: {
        'sweep.yaml': `name: schedules
params: { epochs: 10 }
matrix: { schedule.name: [constant, cosine, step] }
compare: { baseline: { schedule.name: constant } }`,
      },
      text: `error[same-training]: compared cells train the same
 ┌─ sweep.yaml:3:45
3 │ matrix: { schedule.name: [constant, cosine, step] }
  │                                             ^^^^ leave one of them out
  = note: schedule.name=step is compared with schedule.name=constant
  = note: the first step down would come after 30 epochs, and training has 10 epochs`,
    },
    {
      files: {
        'sweep.yaml': `name: ablation
mode: oneAtATime
variants: { usual: {}, decayed: { optimizer: { name: adamw, weightDecay: 0 } } }
compare: { baseline: { variant: usual } }`,
      },
      text: `error[same-training]: compared cells train the same
 ┌─ sweep.yaml:3:54
3 │ variants: { usual: {}, decayed: { optimizer: { name: adamw, weightDecay: 0 } } }
  │                                                      ^^^^^ leave one of them out
  = note: variant=decayed is compared with variant=usual
  = note: adamw without weight decay is adam`,
    },
  ],
  drift: [
    {
      files: {
        'sweep.yaml': `name: optimizers
matrix: { optimizer.name: [adam, sgd] }
compare: { baseline: { optimizer.name: adam }, vary: [optimizer.name] }`,
      },
      text: `error[drift]: compared cells differ in \`optimizer.learningRate\`, which \`compare.vary\` does not list
 ┌─ sweep.yaml:2:34
2 │ matrix: { optimizer.name: [adam, sgd] }
  │                                  ^^^ 0.01, and 0.001 in the baseline
  = note: in the cell optimizer.name=sgd
  = note: \`compare.vary\` lists optimizer.name`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
extends: base.yaml
augmentations: { flip: [{ horizontalFlip: {} }], mask: [{ randomMask: {} }] }
matrix: { augmentation: [none, flip] }
compare: { baseline: { augmentation: none }, vary: [augmentation] }`,
        'base.yaml': `overrides: [{ when: { augmentation: flip }, set: { batchSize: 100 } }]`,
      },
      text: `error[drift]: compared cells differ in \`batchSize\`, which \`compare.vary\` does not list
 ┌─ base.yaml:1:63
1 │ overrides: [{ when: { augmentation: flip }, set: { batchSize: 100 } }]
  │                                                               ^^^ 100, and 64 in the baseline
  = note: in the cell augmentation=flip
  = note: \`compare.vary\` lists augmentation`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
variants:
  plain: {}
  wide: { alpha: 1, dropout: 0.2 }
params: { alpha: 0.5 }
compare: { baseline: { variant: plain }, vary: [alpha, optimizer] }`,
      },
      text: `error[drift]: compared cells differ in \`dropout\`, which \`compare.vary\` does not list
 ┌─ sweep.yaml:4:30
4 │   wide: { alpha: 1, dropout: 0.2 }
  │                              ^^^ 0.2, and 0.5 in the baseline
  = note: in the cell variant=wide
  = note: \`compare.vary\` lists alpha, optimizer`,
    },
  ],
} satisfies Record<string, readonly Example[]>;
