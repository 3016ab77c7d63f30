import type { FileProblem } from '../../src/diagnostics/file-problem.js';
import type { Example } from './example.js';

/** Fields that say how many seeds there are and when a comparison is decided, and contradict each other. */
export const decisionExamples = {
  'exclusive-fields': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { count: 6, until: decided }
compare: { baseline: { dropout: 0 } }`,
      },
      text: `error[exclusive-fields]: \`seeds.until: decided\` cannot be set beside \`seeds.count\`
 ┌─ sweep.yaml:3:20
3 │ seeds: { count: 6, until: decided }
  │                    ^^^^^ \`seeds.count\` is set in line 3`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { count: 6, max: 40 }`,
      },
      text: `error[exclusive-fields]: \`seeds.max\` cannot be set beside \`seeds.count\`
 ┌─ sweep.yaml:3:20
3 │ seeds: { count: 6, max: 40 }
  │                    ^^^ \`seeds.count\` is set in line 3`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided }
order: cellByCell
compare: { baseline: { dropout: 0 }, stopping: fixed }`,
      },
      text: `error[exclusive-fields]: \`order: cellByCell\` cannot be set beside \`seeds.until: decided\`
 ┌─ sweep.yaml:4:1
4 │ order: cellByCell
  │ ^^^^^ \`seeds.until: decided\` is set in line 3
error[exclusive-fields]: \`compare.stopping: fixed\` cannot be set beside \`seeds.until: decided\`
 ┌─ sweep.yaml:5:38
5 │ compare: { baseline: { dropout: 0 }, stopping: fixed }
  │                                      ^^^^^^^^ \`seeds.until: decided\` is set in line 3`,
    },
    {
      files: {
        'sweep.yaml': `extends: ./base.yaml
name: flip-vs-mask
seeds: { until: decided }`,
        'base.yaml': `matrix: { dropout: [0, 0.2] }
seeds: { count: 6 }
compare:
  baseline: { dropout: 0 }
  stopping: fixed`,
      },
      text: `error[exclusive-fields]: \`compare.stopping: fixed\` cannot be set beside \`seeds.until: decided\`
 ┌─ base.yaml:5:3
5 │   stopping: fixed
  │   ^^^^^^^^ \`seeds.until: decided\` is set at sweep.yaml:3:10`,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided }
compare: { baseline: { dropout: 0 } }`,
      },
      sets: ['compare.stopping=fixed'],
      text: `error[exclusive-fields]: \`compare.stopping: fixed\` cannot be set beside \`seeds.until: decided\`
 ┌─ --set:1:9
1 │ compare.stopping=fixed
  │         ^^^^^^^^ \`seeds.until: decided\` is set at sweep.yaml:3:10`,
    },
  ],
  'nothing-to-decide': [
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
mode: oneAtATime
seeds: { until: decided }`,
      },
      text: `error[nothing-to-decide]: seeds are added until every comparison is decided, and nothing is compared
 ┌─ sweep.yaml:3:10
3 │ seeds: { until: decided }
  │          ^^^^^ needs \`compare\`
  = help: add an axis and \`compare: { baseline: { augmentation: none } }\`, or write \`seeds: { count: 6 }\``,
    },
    {
      files: {
        'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided }`,
      },
      text: `error[nothing-to-decide]: seeds are added until every comparison is decided, and nothing is compared
 ┌─ sweep.yaml:3:10
3 │ seeds: { until: decided }
  │          ^^^^^ needs \`compare\`
  = help: add an axis and \`compare: { baseline: { augmentation: none } }\`, or write \`seeds: { count: 6 }\``,
    },
  ],
} as const;

/** Other mistakes in `seeds` and `compare`. */
export const moreDecisionExamples: readonly (Example & { readonly reason: FileProblem['reason'] })[] = [
  {
    reason: 'not-allowed',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decide }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[not-allowed]: the text \`decide\` is not a value of \`seeds.until\`
 ┌─ sweep.yaml:3:17
3 │ seeds: { until: decide }
  │                 ^^^^^^ did you mean \`decided\`?
  = allowed: decided`,
  },
  {
    reason: 'wrong-type',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: 20 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[wrong-type]: expected \`seeds.until\` to be \`decided\`, got \`20\`
 ┌─ sweep.yaml:3:17
3 │ seeds: { until: 20 }
  │                 ^^`,
  },
  {
    reason: 'wrong-type',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: until decided`,
    },
    text: `error[wrong-type]: expected \`seeds\` to be a list or a mapping, got the text \`until decided\`
 ┌─ sweep.yaml:3:8
3 │ seeds: until decided
  │        ^^^^^^^^^^^^^ write a colon and a space between a field and its value: \`until: decided\``,
  },
  {
    reason: 'wrong-type',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: decided`,
    },
    text: `error[wrong-type]: expected \`seeds\` to be a list or a mapping, got the text \`decided\`
 ┌─ sweep.yaml:3:8
3 │ seeds: decided
  │        ^^^^^^^ write \`{ until: decided }\``,
  },
  {
    reason: 'wrong-type',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: 6`,
    },
    text: `error[wrong-type]: expected \`seeds\` to be a list or a mapping, got \`6\`
 ┌─ sweep.yaml:3:8
3 │ seeds: 6
  │        ^ write \`[6]\` or \`{ count: 6 }\``,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided, min: 3 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[out-of-range]: \`seeds.min\` is out of range: \`3\`
 ┌─ sweep.yaml:3:31
3 │ seeds: { until: decided, min: 3 }
  │                               ^ must be at least 6 and at most 4294967295`,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided, min: 20, max: 10 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[out-of-range]: \`seeds.max\` is out of range: \`10\`
 ┌─ sweep.yaml:3:40
3 │ seeds: { until: decided, min: 20, max: 10 }
  │                                        ^^ must be at least 20, the value of \`min\``,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided, max: 3 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[out-of-range]: \`seeds.max\` is out of range: \`3\`
 ┌─ sweep.yaml:3:31
3 │ seeds: { until: decided, max: 3 }
  │                               ^ must be at least 6 and at most 4294967295`,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided, min: 50 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[out-of-range]: \`seeds.min\` is out of range: \`50\`
 ┌─ sweep.yaml:3:31
3 │ seeds: { until: decided, min: 50 }
  │                               ^^ must be at most 40, the default of \`max\``,
  },
  {
    reason: 'missing-field',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { min: 6, max: 40 }`,
    },
    text: `error[missing-field]: \`until\` is missing from \`seeds\`
 ┌─ sweep.yaml:3:1
3 │ seeds: { min: 6, max: 40 }
  │ ^^^^^ add \`until: decided\``,
  },
  {
    reason: 'unknown-field',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided, maximum: 40 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[unknown-field]: \`maximum\` is not a field of \`seeds\`
 ┌─ sweep.yaml:3:26
3 │ seeds: { until: decided, maximum: 40 }
  │                          ^^^^^^^
  = allowed: base, count, max, min, until`,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
seeds: { until: decided, max: 4294967295 }
compare: { baseline: { dropout: 0 } }`,
    },
    text: `error[out-of-range]: \`seeds.max\` is out of range: \`4294967295\`
 ┌─ sweep.yaml:3:31
3 │ seeds: { until: decided, max: 4294967295 }
  │                               ^^^^^^^^^^ must be at most 4294965279: seeds end at 4294967295`,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { baseline: { dropout: 0 }, margin: 0 }`,
    },
    text: `error[out-of-range]: \`compare.margin\` is out of range: \`0\`
 ┌─ sweep.yaml:3:46
3 │ compare: { baseline: { dropout: 0 }, margin: 0 }
  │                                              ^ must be more than 0`,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { baseline: { dropout: 0 }, margin: -0.01 }`,
    },
    text: `error[out-of-range]: \`compare.margin\` is out of range: \`-0.01\`
 ┌─ sweep.yaml:3:46
3 │ compare: { baseline: { dropout: 0 }, margin: -0.01 }
  │                                              ^^^^^ must be more than 0`,
  },
  {
    reason: 'out-of-range',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { baseline: { dropout: 0 }, margin: 0.2 }`,
    },
    text: `error[out-of-range]: \`compare.margin\` is out of range: \`0.2\`
 ┌─ sweep.yaml:3:46
3 │ compare: { baseline: { dropout: 0 }, margin: 0.2 }
  │                                              ^^^ must be below 0.1: a fraction of the images, such as 0.002 for 0.2 points`,
  },
  {
    reason: 'wrong-type',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { baseline: { dropout: 0 }, margin: 0.2 % }`,
    },
    text: `error[wrong-type]: expected \`compare.margin\` to be a number, got the text \`0.2 %\`
 ┌─ sweep.yaml:3:46
3 │ compare: { baseline: { dropout: 0 }, margin: 0.2 % }
  │                                              ^^^^^ a number has a decimal point, no unit and no separators: 0.002`,
  },
  {
    reason: 'unknown-field',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { baseline: { dropout: 0 }, stoping: fixed }`,
    },
    text: `error[unknown-field]: \`stoping\` is not a field of \`compare\`
 ┌─ sweep.yaml:3:38
3 │ compare: { baseline: { dropout: 0 }, stoping: fixed }
  │                                      ^^^^^^^ did you mean \`stopping\`?
  = allowed: baseline, margin, stopping, vary`,
  },
  {
    reason: 'not-allowed',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { baseline: { dropout: 0 }, stopping: sequential }`,
    },
    text: `error[not-allowed]: the text \`sequential\` is not a value of \`compare.stopping\`
 ┌─ sweep.yaml:3:48
3 │ compare: { baseline: { dropout: 0 }, stopping: sequential }
  │                                                ^^^^^^^^^^
  = allowed: anytime, fixed`,
  },
  {
    reason: 'missing-field',
    files: {
      'sweep.yaml': `name: flip-vs-mask
matrix: { dropout: [0, 0.2] }
compare: { margin: 0.002 }`,
    },
    text: `error[missing-field]: \`baseline\` is missing from \`compare\`
 ┌─ sweep.yaml:3:1
3 │ compare: { margin: 0.002 }
  │ ^^^^^^^ add \`baseline: {"augmentation":"none"}\``,
  },
];
