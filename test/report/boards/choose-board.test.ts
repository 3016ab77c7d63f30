import { expect, test } from 'vitest';
import { chooseBoard, type Terminal } from '../../../src/report/boards/choose-board.js';

const terminal: Terminal = { isTTY: true, columns: 80, rows: 24 };
const pipe: Terminal = {};
const xterm = { TERM: 'xterm-256color' };

test.each<[string, 'live' | 'plain', Terminal, Terminal, Record<string, string>]>([
  ['a terminal', 'live', terminal, terminal, xterm],
  ['a terminal without colours', 'live', terminal, terminal, { ...xterm, NO_COLOR: '1' }],
  ['the console of Linux', 'live', terminal, terminal, { TERM: 'linux' }],
  ['a terminal of 40 columns', 'live', { ...terminal, columns: 40 }, { ...terminal, columns: 40 }, xterm],
  ['the output in a file', 'plain', pipe, terminal, xterm],
  ['the conversation in a file', 'plain', terminal, pipe, xterm],
  ['pipes', 'plain', pipe, pipe, xterm],
  [
    'no size (0 × 0)',
    'plain',
    { ...terminal, columns: 0, rows: 0 },
    { ...terminal, columns: 0, rows: 0 },
    xterm,
  ],
  ['no height', 'plain', terminal, { ...terminal, rows: 0 }, xterm],
  ['an unknown size', 'plain', { isTTY: true }, { isTTY: true }, xterm],
  ['too few columns', 'plain', terminal, { ...terminal, columns: 19 }, xterm],
  ['too few rows', 'plain', terminal, { ...terminal, rows: 3 }, xterm],
  ['TERM=dumb', 'plain', terminal, terminal, { TERM: 'dumb' }],
  ['no TERM', 'plain', terminal, terminal, {}],
  ['an empty TERM', 'plain', terminal, terminal, { TERM: '' }],
  ['continuous integration', 'plain', terminal, terminal, { ...xterm, CI: 'true' }],
  ['CI=false', 'live', terminal, terminal, { ...xterm, CI: 'false' }],
])('%s: %s', (_, board, stdout, stderr, environment) => {
  expect(chooseBoard(stdout, stderr, environment)).toBe(board);
});
