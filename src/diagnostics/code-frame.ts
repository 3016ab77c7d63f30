import { displayWidth } from './display-width.js';

/** A range of a text that the user wrote: a file, or the argument of `--set`. */
export interface Place {
  /** For people: relative to the working directory where the user's path was, or `--set`. */
  readonly path: string;
  /** The whole text that the offsets count in. */
  readonly text: string;
  /** UTF-16 offsets; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Equal for equal places; two `--set` differ by their texts. */
export function placeKey({ path, text, start, end }: Place): string {
  return JSON.stringify([path, path === '--set' ? text : '', start, end]);
}

/** 1-based line of a place's start. */
export const lineOf = ({ text, start }: Place): number => positionIn(text, start).line;

/** Where a place starts, as `path:line:column`. */
export function describePlace({ path, text, start }: Place): string {
  const { line, column } = positionIn(text, start);
  return `${path}:${line}:${column}`;
}

/** Where a place starts and ends (exclusive). */
export function positionsOf({ text, start, end }: Place) {
  const from = positionIn(text, start);
  const to = positionIn(text, end);
  return { ...from, endLine: to.line, endColumn: to.column };
}

/** 1-based, the column in code points. */
function positionIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: [...text.slice(lineStart, offset)].length + 1 };
}

/**
 * Replaces what a terminal would act on instead of showing (control characters, changes of writing direction)
 * and halves of surrogate pairs.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Control}\p{Surrogate}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

/** The first line of a place underlined, with a label beside the carets and notes below, gutter included. */
export function renderCodeFrame(place: Place, label: string, notes: readonly string[]): string[] {
  const number = String(lineOf(place));
  const gutter = ' '.repeat(number.length);
  const { source, indent, carets } = underline(place);
  return [
    `${gutter}┌─ ${describePlace(place)}`,
    `${number} │ ${source}`.trimEnd(),
    `${gutter} │ ${' '.repeat(indent)}${'^'.repeat(carets)} ${label}`.trimEnd(),
    ...notes.map((note) => `${gutter} = ${note}`),
  ];
}

/** Longer lines are cut around the place, UTF-16 units. */
const maximumLength = 120;

function underline({ text, start, end }: Place): { source: string; indent: number; carets: number } {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const line = text.slice(lineStart, newline === -1 ? text.length : newline).trimEnd();
  const first = Math.min(start - lineStart, line.length);
  const from = line.length > maximumLength && first > maximumLength / 2 ? first - maximumLength / 4 : 0;
  const to = Math.min(line.length, from + maximumLength);
  const last = Math.min(end - lineStart, to);
  const [before, within, after] = [
    line.slice(from, first),
    line.slice(first, last),
    line.slice(last, to),
  ].map(layOut) as [string, string, string];
  const cut = from > 0 ? '…' : '';
  return {
    source: `${cut}${before}${within}${after}${to < line.length ? '…' : ''}`,
    indent: cut.length + displayWidth(before),
    carets: Math.max(1, displayWidth(within)),
  };
}

/** Tabs become spaces, so that the carets stand under their text whatever the terminal's tab stops. */
const layOut = (text: string): string => printable(text.replaceAll('\t', '    '));
