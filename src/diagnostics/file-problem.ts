import type { Misreading } from '../spec/misread-name.js';
import { describePlace, lineOf, printable, type Place } from './code-frame.js';
import { explainExpansionProblem, type ExpansionProblem } from './expansion-problem.js';
import { describeHint, type Hint } from './hint.js';
import { allowed, code, describeValue, didYouMean, say, type Explanation } from './wording.js';
import { explainPlacedDataProblem, type PlacedDataProblem } from './data-problem.js';
import { count } from './count.js';

/** What can be wrong with an experiment file, or with a `--set` that is laid over it. */
export type FileProblem = { readonly kind: 'file' } & (
  | { readonly reason: 'file-not-found'; readonly path: string; readonly siblings: readonly string[] }
  | {
      readonly reason: 'file-unreadable';
      readonly path: string;
      readonly detail: string;
      readonly place: Place | null;
    }
  | { readonly reason: 'more-problems'; readonly count: number }
  | ({ readonly place: Place } & PlacedProblem)
);

/** A problem that underlines something. */
export type PlacedFileProblem = Extract<FileProblem, { readonly place: Place }>;

type PlacedProblem =
  | PlacedDataProblem
  | { readonly reason: 'extends-not-found'; readonly path: string }
  | { readonly reason: 'extends-cycle'; readonly chain: readonly string[] }
  | { readonly reason: 'extends-outside'; readonly real: string }
  | { readonly reason: 'yaml-syntax'; readonly detail: string }
  | { readonly reason: 'duplicate-key'; readonly key: string; readonly first: Place }
  | { readonly reason: 'alias-limit'; readonly alias: string; readonly limit: number }
  | { readonly reason: 'bad-override'; readonly detail: string }
  | {
      readonly reason: 'unknown-field';
      readonly field: string;
      /** What the field would belong to, dotted; empty for the file itself. */
      readonly owner: string;
      readonly allowed: readonly string[];
      /** How it was surely meant, as a sentence; null where that is not sure. */
      readonly meant: string | null;
    }
  | {
      readonly reason: 'missing-field';
      readonly field: string;
      readonly owner: string;
      readonly example: unknown;
    }
  | {
      readonly reason: 'wrong-type';
      readonly field: string;
      readonly expected: string;
      readonly got: unknown;
      readonly hint: Hint | null;
    }
  | {
      readonly reason: 'wrong-size';
      readonly field: string;
      readonly expected: string;
      readonly size: number;
    }
  | { readonly reason: 'out-of-range'; readonly field: string; readonly range: string; readonly got: unknown }
  | {
      readonly reason: 'not-allowed';
      readonly field: string;
      readonly got: unknown;
      readonly allowed: readonly string[];
    }
  | { readonly reason: 'invalid-name'; readonly name: string; readonly rule: string }
  | {
      readonly reason: 'misread-name';
      readonly name: string;
      readonly misreading: Misreading;
      readonly better: string;
    }
  | {
      readonly reason: 'exclusive-fields';
      readonly field: string;
      /** The one that it contradicts. */
      readonly other: string;
      readonly first: Place;
    }
  | { readonly reason: 'nothing-to-decide' }
  | { readonly reason: 'empty-list'; readonly field: string }
  | {
      readonly reason: 'duplicate-value';
      readonly field: string;
      readonly value: unknown;
      readonly first: Place;
    }
  | { readonly reason: 'unknown-augmentation'; readonly name: string; readonly allowed: readonly string[] }
  | {
      readonly reason: 'unknown-augmentation-set';
      readonly name: string;
      readonly allowed: readonly string[];
    }
  | { readonly reason: 'unknown-variant'; readonly name: string; readonly allowed: readonly string[] }
  | { readonly reason: 'reversed-range'; readonly field: string; readonly low: number; readonly high: number }
  | ExpansionProblem
  | {
      readonly reason: 'subset-too-large';
      readonly trainSubset: number;
      readonly holdout: number;
      /** Of the data set. */
      readonly title: string;
      readonly available: number;
    }
  | {
      readonly reason: 'nothing-to-train-on';
      readonly holdout: number;
      readonly title: string;
      readonly available: number;
    }
  | {
      readonly reason: 'holdout-too-large';
      readonly trainSubset: number;
      readonly holdout: number;
      readonly available: number;
    }
  | { readonly reason: 'batch-too-large'; readonly batchSize: number; readonly trainSubset: number }
  | {
      readonly reason: 'alpha-without-weights';
      readonly alpha: number;
      readonly allowed: readonly number[];
      /** Where the file asks for ImageNet weights; null where they are the default. */
      readonly weights: Place | null;
    };

/** The line under a file's problems, such as `2 errors in experiments/flip-vs-mask.yaml. Nothing was run.` */
export function summarizeProblems(problems: readonly FileProblem[], file: string): string {
  const all = problems
    .map((problem) => (problem.reason === 'more-problems' ? problem.count : 1))
    .reduce((a, b) => a + b, 0);
  return `${count(all, 'error')} in ${file}. Nothing was run.`;
}

export function explainFileProblem(problem: FileProblem): Explanation {
  switch (problem.reason) {
    case 'file-not-found':
      return say(`there is no file ${code(problem.path)}`, didYouMeanFile(problem.path, problem.siblings));
    case 'file-unreadable':
      return say(`cannot read ${code(problem.path)}`, problem.detail);
    case 'more-problems':
      return say(
        `${count(problem.count, 'more problem')} ${problem.count === 1 ? 'is' : 'are'} not shown`,
        'help: fix the problems above first',
      );
    case 'extends-not-found':
      return say(
        `there is no file ${code(problem.path)} to extend`,
        'the path is relative to the file that names it',
      );
    case 'extends-cycle':
      return say('a file extends itself', 'this closes the cycle', `chain: ${problem.chain.join(' → ')}`);
    case 'extends-outside':
      return say(
        'a file outside of this project cannot be extended',
        `this is ${code(problem.real)}`,
        'note: with links resolved, the file must be in the folder of the experiment or in the working directory',
      );
    case 'yaml-syntax':
      return say('this is not YAML', printable(problem.detail));
    case 'duplicate-key':
      return say(`${code(problem.key)} is set twice`, `first set in line ${lineOf(problem.first)}`);
    case 'alias-limit':
      return say(
        `the alias ${code(`*${problem.alias}`)} repeats too much`,
        'write the values out',
        `note: aliases may repeat up to ${count(problem.limit, 'value')} in a file, and never contain themselves`,
      );
    case 'bad-override':
      return say(
        'this `--set` is not valid',
        problem.detail,
        'help: write a field and its value, such as `--set params.epochs=2`',
      );
    case 'unknown-field':
      return say(
        `${code(problem.field)} is not ${describeOwner(problem.owner)}`,
        problem.meant ?? didYouMean(problem.field, problem.allowed),
        allowed([...problem.allowed].sort()),
      );
    case 'missing-field':
      return say(
        `${code(problem.field)} is missing${problem.owner === '' ? '' : ` from ${code(problem.owner)}`}`,
        `add ${code(`${problem.field}: ${JSON.stringify(problem.example).replace(/^"(.*)"$/, '$1')}`)}`,
      );
    case 'wrong-type': {
      const { field, expected, got, hint } = problem;
      return say(`expected ${code(field)} to be ${expected}, got ${describeValue(got)}`, describeHint(hint));
    }
    case 'wrong-size':
      return say(`expected ${code(problem.field)} to hold ${problem.expected}, got ${problem.size}`);
    case 'out-of-range':
      return say(
        `${code(problem.field)} is out of range: ${describeValue(problem.got)}`,
        `must be ${problem.range}`,
      );
    case 'not-allowed':
      return say(
        `${describeValue(problem.got)} is not a value of ${code(problem.field)}`,
        typeof problem.got === 'string' ? didYouMean(problem.got, problem.allowed) : '',
        allowed(problem.allowed),
      );
    case 'invalid-name':
      return say(`${code(problem.name)} cannot be a name`, '', `allowed: ${problem.rule}`);
    case 'misread-name':
      return say(
        `${code(problem.name)} cannot be a name`,
        `a name such as ${code(problem.better)} stays as it is`,
        `note: names are values in the CSV files, and programs such as pandas read this one as a ${problem.misreading}`,
      );
    case 'exclusive-fields':
      return say(
        `${code(problem.field)} cannot be set beside ${code(problem.other)}`,
        `${code(problem.other)} is set ${whereFrom(problem.place, problem.first)}`,
      );
    case 'nothing-to-decide':
      return say(
        'seeds are added until every comparison is decided, and nothing is compared',
        'needs `compare`',
        'help: add an axis and `compare: { baseline: { augmentation: none } }`, or write `seeds: { count: 6 }`',
      );
    case 'empty-list':
      return say(`${code(problem.field)} is empty`, 'needs at least one value');
    case 'duplicate-value':
      return say(
        `${code(problem.field)} has ${describeValue(problem.value)} twice`,
        `first given in line ${lineOf(problem.first)}`,
      );
    case 'unknown-augmentation':
      return say(
        `${code(problem.name)} is not an augmentation`,
        didYouMean(problem.name, problem.allowed),
        allowed(problem.allowed),
      );
    case 'unknown-augmentation-set':
      return say(
        `there is no augmentation set ${code(problem.name)}`,
        didYouMean(problem.name, problem.allowed),
        allowed(problem.allowed),
        'help: define the set under `augmentations`',
      );
    case 'unknown-variant':
      return say(
        `there is no variant ${code(problem.name)}`,
        didYouMean(problem.name, problem.allowed),
        ...(problem.allowed.length > 0 ? [allowed(problem.allowed)] : []),
        'help: define the variant under `variants`',
      );
    case 'reversed-range':
      return say(
        `${code(problem.field)} runs from ${problem.low} down to ${problem.high}`,
        `write [${problem.high}, ${problem.low}]`,
      );
    case 'subset-too-large': {
      const { trainSubset, holdout, title, available } = problem;
      return say(
        `a training subset of ${count(trainSubset, 'image')} is larger than the training set`,
        `must be at most ${available - holdout}${holdout === 0 ? '' : ' with this holdout'}`,
        `note: ${title} has ${count(available, 'training image')}`,
      );
    }
    case 'nothing-to-train-on': {
      const { holdout, title, available } = problem;
      return say(
        `a holdout of ${count(holdout, 'image')} leaves nothing to train on`,
        `must be less than ${available}`,
        `note: ${title} has ${count(available, 'training image')}`,
      );
    }
    case 'holdout-too-large': {
      const { trainSubset, holdout, available } = problem;
      return say(
        `the training subset and the holdout overlap`,
        `at most ${available - holdout} with this holdout`,
        `note: ${trainSubset} + ${holdout} = ${count(trainSubset + holdout, 'image')}, and the training set has ${available}`,
      );
    }
    case 'batch-too-large':
      return say(
        `a batch of ${count(problem.batchSize, 'image')} is larger than the training subset`,
        `must be at most ${problem.trainSubset}, the value of \`trainSubset\``,
      );
    case 'alpha-without-weights': {
      const { weights } = problem;
      return say(
        `there are no ImageNet weights for ${code(`alpha: ${problem.alpha}`)}`,
        `must be one of ${problem.allowed.join(', ')}`,
        weights
          ? `note: \`weights: imagenet\` is set in ${weights.path}:${lineOf(weights)}`
          : 'note: `weights: imagenet` is the default',
        'help: `weights: none` trains any width from random weights',
      );
    }
    case 'unknown-dataset':
    case 'data-path':
    case 'no-classes':
    case 'one-class':
    case 'ambiguous-layout':
    case 'bad-labels':
    case 'channels-without-colour':
    case 'dataset-field':
    case 'unknown-class':
    case 'no-such-split':
    case 'class-not-parted':
    case 'too-few-classes':
    case 'no-label':
    case 'bad-csv':
    case 'unknown-column':
    case 'unknown-split':
    case 'image-not-found':
      return explainPlacedDataProblem(problem);
    default:
      return explainExpansionProblem(problem);
  }
}

/** A name without its ending is clear, however far the ending makes it. */
function didYouMeanFile(path: string, siblings: readonly string[]): string {
  const whole = siblings.find((sibling) => sibling === `${path}.yaml` || sibling === `${path}.yml`);
  return whole === undefined ? didYouMean(path, siblings) : `did you mean ${code(whole)}?`;
}

/** The mappings of a file whose fields are parameters. */
const parameterOwners =
  /^(params|variants\.[^.]+|overrides\[\d+\]\.(set|when)|compare\.baseline|include\[\d+\]|(matrix(\[\d+\])?\.)?(zip\.[^.]+|exclude\[\d+\])|matrix(\[\d+\])?|matrix.*\.when)$/;

function describeOwner(owner: string): string {
  if (owner === '') return 'a field of an experiment';
  return parameterOwners.test(owner) ? 'a parameter' : `a field of ${code(owner)}`;
}

/** Where a second place is, for who looks at the first: the line, and the file where that is another one. */
const whereFrom = (place: Place, other: Place): string =>
  place.path === other.path && place.text === other.text
    ? `in line ${lineOf(other)}`
    : `at ${printable(describePlace(other))}`;
