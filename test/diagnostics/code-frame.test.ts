import { expect, test } from 'vitest';
import { describePlace, renderCodeFrame } from '../../src/diagnostics/code-frame.js';

/** A place marked in a text with « and ». */
function mark(marked: string) {
  const start = marked.indexOf('«');
  return { path: 'sweep.yaml', text: marked.replace(/[«»]/g, ''), start, end: marked.indexOf('»') - 1 };
}

const frame = (marked: string, ...notes: string[]) => renderCodeFrame(mark(marked), 'here', notes);

test('the gutter fits the line number', () => {
  expect(frame(`${'\n'.repeat(99)}seeds: «2017»\r\nname: x`, 'note: well')).toEqual([
    '   ┌─ sweep.yaml:100:8',
    '100 │ seeds: 2017',
    '    │        ^^^^ here',
    '    = note: well',
  ]);
});

test.each([
  ['tabs', 'a:\t«b»', ['1 │ a:    b', '  │       ^ here']],
  ['wide characters', '流行: «靴»', ['1 │ 流行: 靴', '  │       ^^ here']],
  ['emoji of several code points', '"👩‍👩‍👧": «1»', ['1 │ "👩‍👩‍👧": 1', '  │       ^ here']],
  ['combining accents', 'e\u0301te\u0301: «1»', ['1 │ e\u0301te\u0301: 1', '  │      ^ here']],
  ['what a terminal obeys', '\u001B[2J«\u202E1»', ['1 │ \uFFFD[2J\uFFFD1', '  │     ^^ here']],
  ['several lines', 'a: «[1,\n2]»', ['1 │ a: [1,', '  │    ^^^ here']],
  ['nothing', 'a:«»', ['1 │ a:', '  │   ^ here']],
])('the carets stand under their text: %s', (_, marked, lines) => {
  expect(frame(marked).slice(1)).toEqual(lines);
});

test('a long line is cut around the place', () => {
  const [, source, carets] = frame(`${'x'.repeat(500)}«here»${'y'.repeat(500)}`);
  expect(source).toBe(`1 │ …${'x'.repeat(30)}here${'y'.repeat(86)}…`);
  expect(carets!.indexOf('^')).toBe(source!.indexOf('here'));
});

test('columns count code points', () => {
  expect(describePlace(mark('👟: «1»'))).toBe('sweep.yaml:1:4');
});
