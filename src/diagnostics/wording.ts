import { printable } from './code-frame.js';
import { suggest } from './suggest.js';
import { count } from './count.js';

/** One problem in words. */
export interface Explanation {
  readonly title: string;
  /** Beside the carets; may be empty. */
  readonly label: string;
  readonly notes: readonly string[];
}

export const say = (title: string, label = '', ...notes: string[]): Explanation => ({ title, label, notes });

/** User text in a sentence: on one line, not too long. */
export function code(text: string): string {
  const characters = [...printable(text)];
  return `\`${characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('')}\``;
}

/** A value of the file in a sentence. */
export function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${code(value)}`;
  return typeof value === 'number' || typeof value === 'boolean' ? code(String(value)) : 'a mapping';
}

export const allowed = (words: readonly string[]): string => `allowed: ${words.map(printable).join(', ')}`;

export function didYouMean(word: string, candidates: readonly string[]): string {
  const nearest = suggest(word, candidates);
  return nearest === null ? '' : `did you mean ${code(nearest)}?`;
}

/** More values than this tell less than their number. */
const maximumWords = 20;

/** `28, 56, 112`; of many, the first and how many more. */
export function listWords(words: readonly string[]): string {
  const shown = words.slice(0, maximumWords).map(printable).join(', ');
  return words.length > maximumWords ? `${shown}, … (${count(words.length, 'value')})` : shown;
}

/** Lines that are told, of many of one kind. */
const maximumLines = 20;

/** The first of many lines, and how many more there are. */
export const some = (lines: readonly string[]): string[] => [
  ...lines.slice(0, maximumLines),
  ...(lines.length > maximumLines ? [`and ${lines.length - maximumLines} more`] : []),
];

/** `run`, `run and plan`, `run, plan and report`. */
export function joinWords(words: readonly string[], last: 'and' | 'or'): string {
  return [words.slice(0, -1).join(', '), words.at(-1) ?? ''].filter((part) => part !== '').join(` ${last} `);
}
