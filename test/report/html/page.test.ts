import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { renderPage } from '../../../src/report/html/page.js';
import type { PageInput } from '../../../src/report/html/sections/section.js';
import comparisonsOutput from '../../../src/report/outputs/comparisons.js';
import leaderboardOutput from '../../../src/report/outputs/leaderboard.js';
import type { Trial } from '../../../src/plan/plan.js';
import type { TrialOutcome } from '../../../src/trial/outcome.js';
import { describeComparison } from '../../../src/report/text/describe-comparison.js';
import { inputOf, madeUpOutcome, reportOf, twoAxes } from './grown-report.js';

interface Node {
  readonly textContent: string;
  readonly dataset: Readonly<Record<string, string>>;
  readonly id: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Node | null;
  querySelectorAll(selector: string): Iterable<Node>;
}

async function pageOf(input: PageInput): Promise<{ readonly text: string; readonly page: Node }> {
  const text = await renderPage(input);
  return { text, page: (parseHTML(text) as unknown as { document: Node }).document };
}

const all = (node: Node, selector: string): Node[] => [...node.querySelectorAll(selector)];
const textOf = (node: Node | null): string => node!.textContent.replaceAll(/\s+/g, ' ').trim();

/** Rows of a table that has the rows of a CSV file, as that file writes them. */
function csvOf(page: Node, file: string): string[][] {
  const table = all(page, 'table').find(
    (one) => textOf(one.querySelector('caption')) === `The rows of ${file}`,
  );
  const titles = all(table!, 'thead th').map(textOf);
  return [titles, ...all(table!, 'tbody tr').map((row) => all(row, 'td').map((cell) => cell.dataset.value!))];
}

const fieldsOf = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

test('every number of the tables is that of the CSV files, and every sentence that of the terminal', async () => {
  const report = await reportOf(twoAxes);
  const { page } = await pageOf(inputOf(report));
  expect(csvOf(page, 'leaderboard.csv')).toEqual(fieldsOf(leaderboardOutput.render(report, null)!));
  expect(csvOf(page, 'comparisons.csv')).toEqual(fieldsOf(comparisonsOutput.render(report, null)!));
  const sentences = report.comparisons.map((one) => describeComparison(one, report.plan).toLowerCase());
  expect(sentences).toHaveLength(4);
  expect(all(page, '.verdict').map((one) => textOf(one).toLowerCase())).toEqual(
    sentences.map((sentence) => `${sentence}.`),
  );
});

test('curves, slopes and effects have the numbers of the report', async () => {
  const report = await reportOf(twoAxes);
  const { page } = await pageOf(inputOf(report));
  const tableOf = (caption: string) => {
    const table = all(page, 'table').find((one) => textOf(one.querySelector('caption')) === caption)!;
    return all(table, 'tbody tr').map((row) =>
      all(row, 'td').map((cell) => cell.dataset.value ?? textOf(cell)),
    );
  };
  const [best] = report.leaderboard;
  const own = report.results.filter(({ trial }) => trial.cellIndex === best!.cell.index);
  const lastOf = own.map(({ outcome }) =>
    outcome.status === 'completed' ? outcome.epochs.at(-1)!.valAccuracy : NaN,
  );
  const last = tableOf('Mean accuracy on the validation images').filter(([, epoch]) => epoch === '8')[0]!;
  expect(Number(last[2])).toBeCloseTo(best!.mean!, 12);
  expect([Number(last[3]), Number(last[4])]).toEqual([Math.min(...lastOf), Math.max(...lastOf)]);

  const [comparison] = report.comparisons;
  const slopes = tableOf('dropout 0.2, resolution 14 against dropout 0, resolution 14, by seed');
  expect(slopes.map(([seed]) => Number(seed))).toEqual(comparison!.seeds);
  expect(slopes.map((row) => Number(row[3]))).toEqual(comparison!.differences);
  for (const [, from, to, difference] of slopes) expect(Number(to) - Number(from)).toBe(Number(difference));

  const effects = tableOf('Mean accuracy by resolution');
  const of14 = report.leaderboard.filter(({ cell }) => cell.axes.resolution === 14).map(({ mean }) => mean!);
  expect(effects[0]![0]).toBe('14');
  expect(Number(effects[0]![1])).toBeCloseTo(of14.reduce((a, b) => a + b) / of14.length, 12);
  expect(tableOf('Mean accuracy by dropout and resolution')).toHaveLength(6);
});

test('sections are in the order of reading, each with what to see in it', async () => {
  const report = await reportOf(twoAxes);
  const { page } = await pageOf(inputOf(report));
  const sections = all(page, 'main > section');
  expect(sections.map(({ id }) => id)).toEqual([
    'answer',
    'differences',
    'leaderboard',
    'curves',
    'axes',
    'seeds',
    'classes',
    'images',
    'augmentations',
    'cost',
    'environment',
  ]);
  for (const section of sections) expect(textOf(section.querySelector('.lead')).length).toBeGreaterThan(20);
  expect(textOf(page.querySelector('#answer .notes'))).toContain('3 images of test are also in train');
  expect(textOf(page.querySelector('#environment pre'))).toContain('matrix: { dropout: [0, 0.2, 0.5]');
});

test('every plot has a name and its numbers in a table', async () => {
  const { page } = await pageOf(inputOf(await reportOf(twoAxes)));
  const figures = all(page, 'figure');
  expect(figures.length).toBeGreaterThan(8);
  for (const figure of figures) {
    const svg = figure.querySelector('svg')!;
    expect([svg.getAttribute('role'), svg.getAttribute('aria-label')!.length > 10]).toEqual(['img', true]);
    expect(all(figure, 'details tbody tr').length).toBeGreaterThan(0);
  }
});

test('a class is taken for what the trials say', async () => {
  const report = await reportOf(twoAxes);
  const { page } = await pageOf(inputOf(report));
  const panels = all(page, '.panel');
  expect(panels.map((panel) => panel.getAttribute('hidden') !== null)).toEqual([
    false,
    ...Array<boolean>(5).fill(true),
  ]);
  const own = report.results.filter(({ trial }) => trial.cellIndex === report.leaderboard[0]!.cell.index);
  const counts = all(panels[0]!, '.matrix tbody tr').map((row) =>
    all(row, 'td').map((cell) => Number(textOf(cell))),
  );
  const right = counts.reduce((sum, row, label) => sum + row[label]!, 0);
  const accuracies = own.map(({ test }) => test!.testAccuracy * test!.images);
  expect(right).toBeCloseTo(
    accuracies.reduce((a, b) => a + b),
    6,
  );
  expect(counts.flat().reduce((a, b) => a + b)).toBe(6 * 500);
});

test('texts of users are texts: no markup of theirs is in the page', async () => {
  const attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
  const outcomeOf = (trial: Trial): TrialOutcome =>
    trial.seed === 6
      ? { status: 'failed', failure: 'crash', cause: attack, logFile: attack }
      : madeUpOutcome(trial);
  const made = await reportOf(twoAxes, outcomeOf);
  const [dataset] = made.plan.datasets;
  const datasets = [{ ...dataset!, title: attack, classes: dataset!.classes.map(() => attack) }];
  const report = { ...made, plan: { ...made.plan, description: attack, datasets } };
  const { page, text } = await pageOf(
    inputOf(report, { environment: { cpu: attack }, files: [{ path: attack, text: attack }] }),
  );
  expect(all(page, 'script')).toHaveLength(1);
  expect(all(page, 'img').filter((image) => image.getAttribute('onerror') !== null)).toEqual([]);
  expect(text).not.toContain(attack);
  expect(textOf(page.querySelector('#answer .lead'))).toBe(attack);
});

test('a page made again is the same, byte for byte; while trials are trained it says so', async () => {
  const report = await reportOf(twoAxes);
  const [first, second] = [await renderPage(inputOf(report)), await renderPage(inputOf(report))];
  expect(second).toBe(first);
  const { page } = await pageOf(inputOf(report, { running: { at: '2026-11-26T02:00:00.000Z' } }));
  expect(textOf(page.querySelector('[role=status]'))).toMatch(
    /being trained.* 2026-11-26 02:00:00 UTC .*every 20 s/,
  );
  expect(first).not.toContain('data-running');
});

test('trials of earlier versions, failed, diverged and missing ones: what there is is shown', async () => {
  const report = await reportOf(twoAxes, (trial) => {
    const outcome = madeUpOutcome(trial);
    if (outcome.status !== 'completed') return null;
    if (trial.cellIndex === 0 && trial.seed === 1)
      return { status: 'failed', failure: 'crash', cause: 'it fell over', logFile: 'logs/a.log' };
    if (trial.cellIndex === 1 && trial.seed === 2)
      return { ...outcome, status: 'diverged', epoch: 9, step: 3 };
    if (trial.cellIndex === 2) return null;
    return { ...outcome, predictions: undefined, tests: undefined } as never;
  });
  const { page } = await pageOf(inputOf(report));
  expect(textOf(page.querySelector('#failures'))).toMatch(/crash.*it fell over.*logs\/a.log.*diverged/);
  expect(textOf(page.querySelector('#classes'))).toContain('earlier version');
  expect(page.querySelector('#images')).toBeNull();
  expect(textOf(page.querySelector('#answer .open'))).toContain('6 trials of 36 not finished');
});

test('nothing is finished: the question and the file', async () => {
  const { page } = await pageOf(inputOf(await reportOf(twoAxes, () => null)));
  expect(all(page, 'main > section').map(({ id }) => id)).toEqual([
    'answer',
    'differences',
    'leaderboard',
    'augmentations',
    'environment',
  ]);
});

test('where the data is not at hand, it says so', async () => {
  const report = await reportOf(twoAxes);
  const pictures = { imageOf: () => null, augmentations: [] };
  const { page } = await pageOf(inputOf(report, { pictures }));
  expect(textOf(page.querySelector('#images'))).toContain('data is not on the machine');
});
