import { describe, expect, test } from 'vitest';
import { summarizeProblems, type FileProblem } from '../../src/diagnostics/file-problem.js';
import { problemsIn } from '../spec/experiment-folder.js';
import { dataExamples } from './data-examples.js';
import type { Example } from './example.js';
import { comparisonExamples } from './comparison-examples.js';
import { decisionExamples, moreDecisionExamples } from './decision-examples.js';
import { expansionExamples } from './expansion-examples.js';
import { meaningExamples } from './meaning-examples.js';
import { readingExamples } from './reading-examples.js';
import { valueExamples } from './value-examples.js';

/** At least one for every reason: the type sees to it. */
const examples: Record<FileProblem['reason'], readonly Example[]> = {
  ...readingExamples,
  ...valueExamples,
  ...meaningExamples,
  ...expansionExamples,
  ...comparisonExamples,
  ...decisionExamples,
  ...dataExamples,
};

describe('every problem is reported in full', () => {
  const table = [
    ...Object.entries(examples).flatMap(([reason, list]) =>
      list.map((example, index) => ({ reason, number: index + 1, ...example })),
    ),
    ...moreDecisionExamples.map((example, index) => ({ number: `of decisions ${index + 1}`, ...example })),
  ];
  test.each(table)('$reason $number', async ({ reason, files, sets = [], text }) => {
    const problems = await problemsIn(files, sets);
    expect(problems.text).toBe(text);
    expect(problems.reasons).toContain(reason);
    // For programs the same is said: place by place, sentence by sentence.
    const shown = [...text.matchAll(/^error\[(.*?)\]: (.*)\n(?: *┌─ (.*?):(\d+):(\d+)$)?/gm)];
    expect(
      problems.json.map(({ reason, message, line, column, path }) => [
        reason,
        message,
        ...(line === null ? [null, null, null] : [path, line, column]),
      ]),
    ).toEqual(
      shown.map(([, reason, message, path, line, column]) => [
        reason,
        message,
        ...(line === undefined ? [null, null, null] : [path, Number(line), Number(column)]),
      ]),
    );
    for (const { notes, line, column, endLine, endColumn } of problems.json) {
      for (const note of notes) expect(text).toContain(note);
      if (line === null) expect([column, endLine, endColumn]).toEqual([null, null, null]);
      else expect(endLine! > line || (endLine === line && endColumn! >= column!)).toBe(true);
    }
  });
});

test('the summary counts, also what is not shown', () => {
  const file = 'experiments/flip-vs-mask.yaml';
  const problem = { kind: 'file', reason: 'file-not-found', path: file, siblings: [] } as const;
  const more = { kind: 'file', reason: 'more-problems', count: 3 } as const;
  expect(summarizeProblems([problem], file)).toBe(`1 error in ${file}. Nothing was run.`);
  expect(summarizeProblems([problem, more], file)).toBe(`4 errors in ${file}. Nothing was run.`);
});
