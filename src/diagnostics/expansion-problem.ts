import { lineOf, type Place } from './code-frame.js';
import { code, describeValue, listWords, say, type Explanation } from './wording.js';
import { count } from './count.js';

/** What can be wrong with how an experiment expands into cells and trials. */
export type ExpansionProblem =
  | { readonly reason: 'bad-range'; readonly field: string; readonly detail: string }
  | {
      readonly reason: 'range-too-large';
      readonly field: string;
      readonly values: number;
      readonly limit: number;
      readonly arithmetic: string;
    }
  | {
      readonly reason: 'zip-lengths';
      readonly group: string;
      readonly lists: readonly { readonly name: string; readonly length: number }[];
    }
  | {
      readonly reason: 'axis-conflict';
      /** The parameter here, and what sweeps or sets it here: `matrix`, `zip.size`. */
      readonly axis: string;
      readonly dimension: string;
      readonly other: string;
      readonly otherDimension: string;
      readonly first: Place;
    }
  | { readonly reason: 'condition-cycle'; readonly chain: readonly string[] }
  | {
      readonly reason: 'nothing-matches';
      /** Where in the file: `exclude[0]`, `overrides[1].when`. */
      readonly rule: string;
      readonly existing: readonly { readonly name: string; readonly values: readonly string[] }[];
    }
  | {
      readonly reason: 'too-many-rules';
      readonly field: string;
      readonly rules: number;
      readonly cells: number;
      readonly limit: number;
    }
  | { readonly reason: 'nothing-left'; readonly arithmetic: string }
  | { readonly reason: 'partial-include'; readonly missing: string; readonly values: readonly string[] }
  | {
      readonly reason: 'invalid-duration';
      readonly field: string;
      readonly got: unknown;
      /** What was surely meant; `no-limit` for a way to say that there is none, which is to leave the field out. */
      readonly meant: 'no-limit' | { readonly duration: string } | null;
      /** Of the field; null: no limit. */
      readonly default: string | null;
    }
  | { readonly reason: 'empty-mapping'; readonly field: string }
  | {
      readonly reason: 'unused-setting';
      /** `optimizer.momentum`, or `augmentations.flip[0].horizontalFlip.probability`. */
      readonly setting: string;
      readonly cause:
        | {
            readonly kind: 'absent';
            /** `optimizer`, and the optimisers of all cells. */
            readonly owner: string;
            readonly names: readonly string[];
          }
        | { readonly kind: 'idle'; readonly because: string };
    }
  | { readonly reason: 'baseline-not-swept'; readonly name: string; readonly axes: readonly string[] }
  | {
      readonly reason: 'nothing-compared';
      readonly baselines: readonly string[];
      readonly others: readonly string[];
      /** The axes on which a cell and its baseline are equal. */
      readonly shared: readonly string[];
    }
  | {
      readonly reason: 'ambiguous-baseline';
      readonly cell: string;
      readonly candidates: readonly string[];
      readonly undecided: readonly string[];
    }
  | {
      readonly reason: 'drift';
      readonly name: string;
      readonly cell: string;
      readonly value: string;
      readonly baselineValue: string;
      readonly vary: readonly string[];
    }
  | {
      readonly reason: 'same-training';
      readonly cell: string;
      readonly baseline: string;
      readonly because: readonly string[];
    }
  | {
      readonly reason: 'over-budget';
      readonly trials: number;
      readonly limit: number;
      readonly arithmetic: string;
    }
  | {
      readonly reason: 'too-many-trials';
      /** Null where the cells were not counted to the end. */
      readonly trials: number | null;
      readonly limit: number;
      readonly arithmetic: string;
    };

export function explainExpansionProblem(problem: ExpansionProblem): Explanation {
  switch (problem.reason) {
    case 'bad-range':
      return say(
        `${code(problem.field)} is not a range`,
        problem.detail,
        'help: write `{ start: 0, stop: 0.5, step: 0.1 }` or `{ logspace: { start: 1e-4, stop: 0.1, count: 4 } }`',
      );
    case 'unused-setting': {
      const { setting, cause } = problem;
      if (cause.kind === 'idle') return say(`${code(setting)} cannot take effect`, cause.because);
      return say(
        `${code(setting)} changes nothing`,
        'no cell has this setting',
        `note: ${code(`${cause.owner}.name`)} is ${cause.names.map(code).join(' or ')}, without this setting`,
      );
    }
    case 'range-too-large':
      return say(
        `${code(problem.field)} has ${count(problem.values, 'value')}`,
        `the ranges of a file may have ${count(problem.limit, 'value')} in total`,
        `note: ${problem.arithmetic}`,
      );
    case 'zip-lengths':
      return say(
        `the lists of ${code(problem.group)} differ in length`,
        'they move together, row by row',
        `note: ${problem.lists.map(({ name, length }) => `${code(name)} has ${length}`).join(', ')}`,
      );
    case 'axis-conflict': {
      const { axis, dimension, other, otherDimension, first } = problem;
      const subject =
        axis === other
          ? `${code(axis)} is given by two dimensions`
          : `${code(axis)} and ${code(other)} give the same parameter`;
      return say(
        subject,
        `here by ${code(dimension)}; a parameter belongs to one dimension only`,
        `note: ${code(other)} is also given by ${code(otherDimension)} in ${first.path}:${lineOf(first)}`,
      );
    }
    case 'condition-cycle':
      return say(
        'these conditions depend on each other',
        'an axis cannot depend on itself',
        `chain: ${problem.chain.join(' → ')}`,
      );
    case 'nothing-matches':
      return say(
        `${code(problem.rule)} matches no cell`,
        '',
        ...problem.existing.map(({ name, values }) =>
          values.length === 0
            ? `note: no cell has ${code(name)}`
            : `note: values of ${code(name)}: ${listWords(values)}`,
        ),
        ...(problem.existing.length > 1 ? ['note: a cell must have all the values of a rule at once'] : []),
      );
    case 'too-many-rules':
      return say(
        `${code(problem.field)} has ${count(problem.rules, 'rule')}, too many for ${count(problem.cells, 'cell')}`,
        `rules × cells may be at most ${problem.limit}`,
      );
    case 'nothing-left':
      return say('the rules leave no cell', 'all cells are excluded', `note: ${problem.arithmetic}`);
    case 'partial-include':
      return say(
        `this cell has no value for ${code(problem.missing)}`,
        '`include` adds complete cells, with a value for every axis',
        `note: values of ${code(problem.missing)}: ${listWords(problem.values)}`,
      );
    case 'invalid-duration': {
      const { field, got, meant } = problem;
      const title = `${code(field)} is not a length of time: ${describeValue(got)}`;
      if (meant === 'no-limit')
        return problem.default === null
          ? say(title, 'leave the field out for no limit')
          : say(
              title,
              `leave the field out for the default, ${problem.default}`,
              'note: a long time such as `365d` has the same effect as no limit',
            );
      return meant === null
        ? say(title, 'write numbers with d, h, m or s, such as `90m` or `1h30m`')
        : say(title, `write ${code(meant.duration)}`, 'note: the units are d, h, m and s, without spaces');
    }
    case 'empty-mapping':
      return say(`${code(problem.field)} is empty`, 'needs at least one field');
    case 'baseline-not-swept':
      return say(
        `no axis sweeps ${code(problem.name)}, so no cell can differ from its baseline in it`,
        '',
        problem.axes.length === 0 ? 'note: this experiment has no axes' : `axes: ${listWords(problem.axes)}`,
      );
    case 'nothing-compared':
      return explainNothingCompared(problem);
    case 'ambiguous-baseline':
      return say(
        `a cell has ${count(problem.candidates.length, 'baseline')}`,
        problem.undecided.length === 0
          ? ''
          : `say which ${problem.undecided.map(code).join(' and ')} the baseline has`,
        `note: ${problem.cell} could be compared with`,
        ...problem.candidates.slice(0, 5).map((candidate) => `      ${candidate}`),
      );
    case 'drift':
      return say(
        `compared cells differ in ${code(problem.name)}, which ${code('compare.vary')} does not list`,
        `${problem.value}, and ${problem.baselineValue} in the baseline`,
        `note: in the cell ${problem.cell}`,
        `note: ${code('compare.vary')} lists ${problem.vary.join(', ')}`,
      );
    case 'same-training':
      return say(
        'compared cells train the same',
        'leave one of them out',
        `note: ${problem.cell} is compared with ${problem.baseline}`,
        ...problem.because.map((because) => `note: ${because}`),
      );
    case 'over-budget':
      return say(
        `this plan has ${count(problem.trials, 'trial')}, more than its budget of ${problem.limit}`,
        'a plan is never cut; make it smaller, or raise the budget',
        `note: ${problem.arithmetic}`,
      );
    case 'too-many-trials':
      return say(
        problem.trials === null
          ? `this plan has more than ${count(problem.limit, 'cell')}`
          : `this plan has ${count(problem.trials, 'trial')}, more than ${problem.limit}`,
        '',
        `note: ${problem.arithmetic}`,
      );
  }
}

function explainNothingCompared({
  baselines,
  others,
  shared,
}: Extract<ExpansionProblem, { reason: 'nothing-compared' }>): Explanation {
  const list = (title: string, cells: readonly string[]): string[] => [
    `note: ${title}`,
    ...cells.slice(0, 5).map((cell) => `      ${cell}`),
    ...(cells.length > 5 ? [`      … and ${cells.length - 5} more`] : []),
  ];
  if (baselines.length === 0)
    return say('the rules leave out the baseline, so nothing is compared', '', ...list('cells', others));
  const alone = others.filter((cell) => !baselines.includes(cell));
  if (alone.length === 0) {
    const merged = others.length > 0 ? ['note: names that train the same thing are one cell'] : [];
    return say(
      'every cell is a baseline, so nothing is compared',
      '',
      ...list('cells', baselines),
      ...merged,
    );
  }
  return say(
    'no cell has a counterpart among the baselines, so nothing is compared',
    shared.length === 0 ? '' : `a cell and its baseline are equal in ${shared.map(code).join(', ')}`,
    ...list('baselines', baselines),
    ...list('other cells', alone),
  );
}
