import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Place } from '../../diagnostics/code-frame.js';
import type { Problem } from '../../diagnostics/problem.js';
import { isIgnoredName, statsOf } from './find-images.js';
import type { OwnEntry } from './own-entry.js';
import { partNamed, siblingsOf, type LabelledFile, type Listing } from './read-folder.js';
import type { PartName } from './own-dataset.js';

/** Of a CSV file, 100 MB. */
export const maximumCsvBytes = 100_000_000;

interface Field {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Fields of a CSV file (RFC 4180: commas, quotes doubled within quotes, any line ending), each with its place in the text.
 * Lines without anything in them are passed over.
 * @throws SyntaxError with the offset as its cause
 */
export function parseCsv(text: string): Field[][] {
  const rows: Field[][] = [];
  let row: Field[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const delimiter = /[,\r\n]/g;
  while (at < text.length) {
    const start = at;
    if (text[at] === '"') {
      let value = '';
      for (;;) {
        const end = text.indexOf('"', at + 1);
        if (end === -1) throw new SyntaxError('a quote is opened here and never closed', { cause: start });
        value += text.slice(at + 1, end);
        at = end + 1;
        if (text[at] !== '"') break;
        value += '"';
      }
      if (at < text.length && !',\r\n'.includes(text[at]!))
        throw new SyntaxError('a quoted field ends here, and no comma follows', { cause: at });
      row.push({ text: value, start, end: at });
    } else {
      delimiter.lastIndex = at;
      at = delimiter.exec(text)?.index ?? text.length;
      row.push({ text: text.slice(start, at), start, end: at });
    }
    if (text[at] === ',') {
      at++;
      if (at === text.length || '\r\n'.includes(text[at]!)) row.push({ text: '', start: at, end: at });
      if (at < text.length && !'\r\n'.includes(text[at]!)) continue;
    }
    while (at < text.length && '\r\n'.includes(text[at]!)) at++;
    if (row.some((field) => field.text.trim() !== '')) rows.push(row);
    row = [];
  }
  return rows;
}

/** Columns that are taken where the file does not name them. */
const usualNames = {
  path: ['path', 'file', 'file_name', 'filename', 'image'],
  label: ['label', 'class', 'category'],
  split: ['split', 'part', 'subset'],
  group: ['group'],
} as const;

/** Reads `csv`: a line for each image, with its path as seen from the CSV file, and its class. */
export function readCsv(entry: OwnEntry, path: string): Listing {
  const shown = entry.path;
  const text = readFileSync(path, 'utf8');
  const at = ({ start, end }: { start: number; end: number }): Place => ({ path: shown, text, start, end });
  const refuse = (...problems: Problem[]): Listing => ({
    files: [],
    classes: new Set(),
    folders: new Map(),
    others: [],
    parts: [],
    problems,
  });
  let rows: Field[][];
  try {
    rows = parseCsv(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const start = error.cause as number;
    return refuse({
      kind: 'file',
      place: at({ start, end: start + 1 }),
      reason: 'bad-csv',
      detail: error.message,
    });
  }
  const [header, ...lines] = rows;
  if (!header || lines.length === 0) {
    const place = entry.placeOf(entry.kind);
    return refuse({ kind: 'file', place, reason: 'bad-csv', detail: 'it has no line below its header' });
  }
  const names = header.map((field) => field.text.trim());
  const problems: Problem[] = [];
  const columnOf = (role: keyof typeof usualNames): number => {
    const given = entry.columns[role];
    if (given === null)
      return names.findIndex((name) => (usualNames[role] as readonly string[]).includes(name.toLowerCase()));
    const index = names.indexOf(given);
    if (index === -1)
      problems.push({
        kind: 'file',
        place: entry.placeOf('columns', role),
        reason: 'unknown-column',
        column: given,
        columns: names,
      });
    return index;
  };
  const columns = {
    path: columnOf('path'),
    label: columnOf('label'),
    split: columnOf('split'),
    group: columnOf('group'),
  };
  for (const role of ['path', 'label'] as const)
    if (columns[role] === -1 && entry.columns[role] === null)
      problems.push({
        kind: 'file',
        place: at({ start: header[0]!.start, end: header.at(-1)!.end }),
        reason: 'unknown-column',
        column: role,
        columns: names,
      });
  if (problems.length > 0) return refuse(...problems);

  const folder = dirname(path);
  const root = realpathSync(folder);
  const files: LabelledFile[] = [];
  const missing: { field: Field; text: string }[] = [];
  const unlabelled: Field[] = [];
  const parts = new Set<PartName>();
  const classes = new Set<string>();
  for (const line of lines) {
    const valueOf = (role: keyof typeof columns) => line[columns[role]]?.text.trim() ?? '';
    const field = line[columns.path] ?? line[0]!;
    const last = line.at(-1)!;
    const className = valueOf('label').normalize('NFC');
    if (className === '') {
      unlabelled.push(line[columns.label] ?? { text: '', start: last.end, end: last.end });
      continue;
    }
    const given = columns.split === -1 ? '' : valueOf('split');
    const part = given === '' ? 'train' : partNamed(given);
    if (part === null) {
      problems.push({ kind: 'file', place: at(line[columns.split]!), reason: 'unknown-split', split: given });
      continue;
    }
    parts.add(part);
    classes.add(className);
    if (entry.classes && !entry.classes.includes(className)) continue;
    const name = valueOf('path');
    const full = resolve(root, name);
    if (name === '' || !statsOf(full)?.isFile()) {
      missing.push({ field, text: name });
      continue;
    }
    const group = columns.group === -1 ? '' : valueOf('group');
    files.push({
      file: { name, path: full },
      className,
      part,
      group: group === '' ? null : group,
    });
  }
  if (unlabelled.length > 0)
    problems.push({
      kind: 'file',
      place: at(unlabelled[0]!),
      reason: 'no-label',
      column: names[columns.label]!,
      lines: unlabelled.length,
    });
  const [first, ...others] = missing;
  if (first) {
    const siblings = siblingsOf(resolve(root, first.text))
      .filter((name) => !isIgnoredName(name))
      .map((name) => join(dirname(first.text), name));
    const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
    problems.push({
      kind: 'file',
      place: at(first.field),
      reason: 'image-not-found',
      file: shown,
      path: first.text,
      siblings,
      others: others.slice(0, 100).map((other) => `in line ${lineOf(other.field.start)}: \`${other.text}\``),
    });
  }
  const folders = new Map(
    [...new Set(files.map(({ className }) => className))].map((name) => [name, [name]]),
  );
  return { files, classes, folders, others: [], parts: [...parts], problems: problems.slice(0, 20) };
}
