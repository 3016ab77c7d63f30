import type { Example } from './example.js';

/** Files and arguments that cannot be read. */
export const readingExamples = {
  'file-not-found': [
    {
      files: { 'sweeps.yaml': 'name: flip-vs-mask' },
      text: `error[file-not-found]: there is no file \`sweep.yaml\`
  = did you mean \`sweeps.yaml\`?`,
    },
    {
      files: { 'sweep.yaml.yml': 'name: flip-vs-mask', 'sweet.yaml': '' },
      text: `error[file-not-found]: there is no file \`sweep.yaml\`
  = did you mean \`sweep.yaml.yml\`?`,
    },
  ],
  'file-unreadable': [
    {
      files: { 'sweep.yaml/base.yaml': '' },
      text: `error[file-unreadable]: cannot read \`sweep.yaml\`
  = it is a folder`,
    },
    {
      files: {
        'sweep.yaml': `extends: ./shared
name: flip-vs-mask`,
        'shared/base.yaml': '',
      },
      text: `error[file-unreadable]: cannot read \`shared\`
 ┌─ sweep.yaml:1:10
1 │ extends: ./shared
  │          ^^^^^^^^ it is a folder`,
    },
  ],
  'more-problems': [
    {
      files: { 'sweep.yaml': ['name: flip-vs-mask', 'seeds:', ...Array<string>(102).fill('- 1')].join('\n') },
      text: [
        ...Array.from({ length: 100 }, (_, index) => {
          const line = String(index + 4);
          const gutter = ' '.repeat(line.length);
          return `error[duplicate-value]: \`seeds\` has \`1\` twice
${gutter}┌─ sweep.yaml:${line}:3
${line} │ - 1
${gutter} │   ^ first given in line 3`;
        }),
        'error[more-problems]: 1 more problem is not shown\n  = help: fix the problems above first',
      ].join('\n'),
    },
  ],
  'extends-not-found': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
extends: [./base.yaml]`,
      },
      text: `error[extends-not-found]: there is no file \`base.yaml\` to extend
 ┌─ sweep.yaml:2:11
2 │ extends: [./base.yaml]
  │           ^^^^^^^^^^^ the path is relative to the file that names it`,
    },
  ],
  'extends-cycle': [
    {
      files: {
        'sweep.yaml': 'extends: shared/base.yaml',
        'shared/base.yaml': 'extends: quick.yaml',
        'shared/quick.yaml': 'extends: [base.yaml]',
      },
      text: `error[extends-cycle]: a file extends itself
 ┌─ shared/quick.yaml:1:11
1 │ extends: [base.yaml]
  │           ^^^^^^^^^ this closes the cycle
  = chain: shared/base.yaml → shared/quick.yaml → shared/base.yaml`,
    },
  ],
  'extends-outside': [
    {
      files: { 'sweep.yaml': 'name: flip-vs-mask\nextends: /dev/null' },
      text: `error[extends-outside]: a file outside of this project cannot be extended
 ┌─ sweep.yaml:2:10
2 │ extends: /dev/null
  │          ^^^^^^^^^ this is \`/dev/null\`
  = note: with links resolved, the file must be in the folder of the experiment or in the working directory`,
    },
  ],
  'yaml-syntax': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
seeds: [2017, 2018
params: {}`,
      },
      text: `error[yaml-syntax]: this is not YAML
 ┌─ sweep.yaml:2:8
2 │ seeds: [2017, 2018
  │        ^ this \`[\` has no \`]\``,
    },
    {
      files: { 'sweep.yaml': 'name: *title' },
      text: `error[yaml-syntax]: this is not YAML
 ┌─ sweep.yaml:1:7
1 │ name: *title
  │       ^^^^^^ there is no anchor \`&title\` above this alias`,
    },
    {
      files: { 'sweep.yaml': 'name: !shout flip' },
      text: `error[yaml-syntax]: this is not YAML
 ┌─ sweep.yaml:1:7
1 │ name: !shout flip
  │       ^^^^^^ tags are not allowed; write text that begins with \`!\` in quotes`,
    },
    {
      files: {
        'sweep.yaml': `---
name: flip
---
name: mask`,
      },
      text: `error[yaml-syntax]: this is not YAML
 ┌─ sweep.yaml:3:1
3 │ ---
  │ ^^^ a file holds one document`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
? [alpha]
: 1`,
      },
      text: `error[yaml-syntax]: this is not YAML
 ┌─ sweep.yaml:2:3
2 │ ? [alpha]
  │   ^^^^^^^ a key must be a word`,
    },
    {
      files: {
        'sweep.yaml':
          'name: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]',
      },
      text: `error[yaml-syntax]: this is not YAML
 ┌─ sweep.yaml:1:70
1 │ …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
  │                                ^ it is nested too deeply`,
    },
  ],
  'duplicate-key': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
params:
  epochs: 2
  dropout: 0
  epochs: 3`,
      },
      text: `error[duplicate-key]: \`epochs\` is set twice
 ┌─ sweep.yaml:5:3
5 │   epochs: 3
  │   ^^^^^^ first set in line 3`,
    },
  ],
  'alias-limit': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
seeds: &seeds [*seeds]`,
      },
      text: `error[alias-limit]: the alias \`*seeds\` repeats too much
 ┌─ sweep.yaml:2:16
2 │ seeds: &seeds [*seeds]
  │                ^^^^^^ write the values out
  = note: aliases may repeat up to 10000 values in a file, and never contain themselves`,
    },
  ],
  'bad-override': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
seeds: [1, 2]`,
      },
      sets: ['params.epochs', 'params..epochs=2', 'seeds.0=3', 'extends=base.yaml'],
      text: `error[bad-override]: this \`--set\` is not valid
 ┌─ --set:1:1
1 │ params.epochs
  │ ^^^^^^^^^^^^^ there is no \`=\`
  = help: write a field and its value, such as \`--set params.epochs=2\`
error[bad-override]: this \`--set\` is not valid
 ┌─ --set:1:8
1 │ params..epochs=2
  │        ^ the name of a field is missing
  = help: write a field and its value, such as \`--set params.epochs=2\`
error[bad-override]: this \`--set\` is not valid
 ┌─ --set:1:7
1 │ seeds.0=3
  │       ^ a list can only be set as a whole
  = help: write a field and its value, such as \`--set params.epochs=2\`
error[bad-override]: this \`--set\` is not valid
 ┌─ --set:1:1
1 │ extends=base.yaml
  │ ^^^^^^^ only a file can extend another
  = help: write a field and its value, such as \`--set params.epochs=2\``,
    },
  ],
} satisfies Record<string, readonly Example[]>;
