/** Terminals of every kind: what is drawn stays right, and every way out leaves the terminal as it was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { experiment, newFolder } from '../command-line.js';
import { isCursorShown, RunnerInTerminal, visibleLines } from '../terminal.js';

const two = experiment({ seeds: '[2017]' });
/** Two trials of some minutes. */
const long = experiment({
  seeds: '[2017]',
  params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 500 }',
});

const narrow = { columns: 40, rows: 24 };
const mark = /[✔✖⚠■]/;

/** What was shown behind the conversation before the training. */
const boardOf = (written: string) => {
  const lines = visibleLines(written);
  return lines.slice(lines.findIndex((line) => line.includes('to run, 2 at a time')) + 1);
};

test.each([
  ['with colours', {}],
  ['without colours', { NO_COLOR: '1' }],
])('a terminal of 40 columns, %s: the board and the leaderboard fit', async (title, env) => {
  const terminal = new RunnerInTerminal(await newFolder(two), ['tiny.yaml'], { ...narrow, env });
  expect((await terminal.result).code).toBe(0);
  const board = boardOf(terminal.written);
  expect(board.filter((line) => line.length > 40)).toEqual([]);
  expect(board.some((line) => /^ {2}[█░]{6} (epoch )?1\/1/.test(line))).toBe(true); // the bar of a trial
  expect(board).toContain('✔ ██████ 2/2 trials');
  expect(board.filter((line) => /^✔ augmentation=/.test(line))).toHaveLength(2);
  expect(board.some((line) => /^rank/.test(line))).toBe(true);
  expect(/\x1b\[\d*m/.test(terminal.written)).toBe(title === 'with colours');
  expect(isCursorShown(terminal.written)).toBe(true);
});

test('a terminal that becomes narrower: all that was drawn is drawn over, and no line is wider from then on', async () => {
  const terminal = new RunnerInTerminal(await newFolder(long), ['tiny.yaml'], { ...narrow, columns: 120 });
  await terminal.shows(/[█░]{19} augmentation=flip seed=2017 · epoch \d/);
  const before = terminal.written.length;
  terminal.resize(40);
  const isNarrow = / {2}augmentation=flip seed=2017\x1b\[K\r\n {2}[█░]{6} /;
  while (!isNarrow.test(terminal.written.slice(before))) await sleep(5);
  const after = terminal.written.slice(before);
  // Three lines of up to 117 columns take nine rows of 40 where the terminal breaks them, and no more.
  const erased = Array.from(after.matchAll(/\r\x1b\[(\d+)A/g), ([, rows]) => Number(rows));
  expect(Math.max(...erased)).toBeGreaterThan(5);
  expect(Math.max(...erased)).toBeLessThanOrEqual(9);
  terminal.kill('SIGINT');
  expect((await terminal.result).code).toBe(130);
  const { written } = terminal;
  const narrowed = written.slice(before + after.search(isNarrow), written.lastIndexOf('\x1b[?25h'));
  expect(visibleLines(narrowed).filter((line) => line.length > 40)).toEqual([]);
});

test.each<[string, { columns: number; rows: number }, Record<string, string | undefined>]>([
  ['of 0 × 0', { columns: 0, rows: 0 }, {}],
  ['that is dumb', narrow, { TERM: 'dumb' }],
  ['without TERM', narrow, { TERM: undefined }],
  ['of continuous integration', narrow, { CI: 'true' }],
])('a terminal %s has plain lines', async (_, size, env) => {
  const terminal = new RunnerInTerminal(await newFolder(two), ['tiny.yaml'], { ...size, env });
  expect((await terminal.result).code).toBe(0);
  expect(terminal.written).not.toContain('\x1b');
  const lines = visibleLines(terminal.written);
  expect(lines).toContain('started augmentation=none seed=2017');
  expect(lines.filter((line) => line.startsWith('[2/2 trials] completed augmentation='))).toHaveLength(1);
  expect(lines.filter((line) => line.length === 1)).toEqual([]);
});

test.each<[string, NodeJS.Signals[]]>([
  ['one interrupt', ['SIGINT']],
  ['two interrupts within 20 ms', ['SIGINT', 'SIGINT']],
  ['SIGTERM, twice', ['SIGTERM', 'SIGTERM']],
  ['SIGQUIT (Ctrl-\\)', ['SIGQUIT']],
])('%s: the cursor is shown again, and what was interrupted is marked so', async (_, signals) => {
  const terminal = new RunnerInTerminal(await newFolder(long), ['tiny.yaml'], narrow);
  await terminal.shows(/flip seed=2017\x1b\[K\s+[█░]{6} (epoch )?\d/);
  expect(isCursorShown(terminal.written)).toBe(false);
  for (const [index, signal] of signals.entries()) {
    if (index > 0) await sleep(10);
    terminal.kill(signal);
  }
  expect((await terminal.result).code).toBe(130);
  expect(isCursorShown(terminal.written)).toBe(true);
  const marked = boardOf(terminal.written).filter((line) => mark.test(line[0] ?? ''));
  expect(marked.slice(0, 2).sort()).toEqual([
    '■ augmentation=flip seed=2017:',
    '■ augmentation=none seed=2017:',
  ]);
  expect(marked.slice(2)).toEqual(['■ ░░░░░░ 0/2 trials']);
});

test.each([
  [
    'diverged',
    '⚠',
    {
      params:
        '{ alpha: 0.25, weights: none, resolution: 28, epochs: 1, batchSize: 8, optimizer: { learningRate: 1e38 } }',
    },
  ],
  ['failed', '✖', { budget: '{ trialTimeout: 0.4s }' }],
])('trials that %s are marked with %s, and so is the whole', async (word, sign, fields) => {
  const yaml = experiment({ seeds: '[2017]', ...fields });
  const terminal = new RunnerInTerminal(await newFolder(yaml), ['tiny.yaml'], { columns: 100, rows: 24 });
  expect((await terminal.result).code).toBe(1);
  const marked = boardOf(terminal.written).filter((line) => mark.test(line[0] ?? ''));
  expect(marked).toHaveLength(3);
  for (const line of marked) expect(line).toMatch(new RegExp(`^${sign} .*${word}`));
  expect(marked[2]).toContain(`2/2 trials · 2 ${word}`);
});
