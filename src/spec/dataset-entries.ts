/** `datasets`: what the schema cannot say of its entries, and the data sets that a file uses. */
import { dirname, isAbsolute, join } from 'node:path';
import type { Place } from '../diagnostics/code-frame.js';
import type { FileProblem } from '../diagnostics/file-problem.js';
import type { OwnEntry } from '../data/own/own-entry.js';
import { expandHome } from '../system/expand-home.js';
import { listParameterMappings, namesIn } from './parameter-mappings.js';
import { findNode, keyPlaceOf, placeOf, toValue, type SourceNode } from './source/source-tree.js';
import type { DatasetEntry } from './experiment-spec.js';

const kinds = ['folder', 'idx', 'csv'] as const;

/** Fields that belong to some kinds of data sets only. */
const owners: Readonly<Record<string, readonly (typeof kinds)[number][]>> = {
  layout: ['folder'],
  badImages: ['folder', 'csv'],
  columns: ['csv'],
  order: ['idx', 'csv'],
  ...Object.fromEntries(
    ['trainImages', 'trainLabels', 'testImages', 'testLabels', 'firstLabel', 'transpose'].map((field) => [
      field,
      ['idx'],
    ]),
  ),
};

/** The entries: each is of one kind, and has what belongs to it. @param known names that need no entry */
export function checkDatasets(tree: SourceNode, known: readonly string[]): FileProblem[] {
  const datasets = findNode(tree, ['datasets']);
  if (datasets?.kind !== 'map') return [];
  return [...datasets.entries].flatMap(([name, { node }]): FileProblem[] => {
    const refuse = (at: readonly string[], field: string, because: string): FileProblem => ({
      kind: 'file',
      reason: 'dataset-field',
      place: keyPlaceOf(tree, ['datasets', name, ...at]),
      field,
      because,
    });
    const taken = known.includes(name)
      ? [refuse([], name, 'a known data set, which needs no entry, has this name')]
      : [];
    if (node.kind !== 'map') return taken;
    const given = kinds.filter((kind) => node.entries.has(kind));
    const [kind, second] = given;
    if (kind === undefined) {
      const place = keyPlaceOf(tree, ['datasets', name]);
      return [
        ...taken,
        {
          kind: 'file',
          reason: 'missing-field',
          place,
          field: 'folder',
          owner: `datasets.${name}`,
          example: './flowers',
        },
      ];
    }
    const misplaced = Object.entries(owners)
      .filter(([field, allowed]) => node.entries.has(field) && !allowed.includes(kind))
      .map(([field, allowed]) =>
        refuse(
          [field],
          field,
          `it belongs to ${allowed.map((one) => `\`${one}\``).join(' and ')}, and this is a \`${kind}\``,
        ),
      );
    const twice = second
      ? [
          refuse(
            [second],
            second,
            `a data set is one of \`folder\`, \`idx\` and \`csv\`, and this has \`${kind}\``,
          ),
        ]
      : [];
    return [...taken, ...twice, ...misplaced];
  });
}

/** Names that neither an entry nor a known data set has. */
export function checkUsedDatasets(tree: SourceNode, known: readonly string[]): FileProblem[] {
  const node = findNode(tree, ['datasets']);
  const own = node?.kind === 'map' ? [...node.entries.keys()] : [];
  return listDatasetUses(tree)
    .filter(({ name }) => ![...own, ...known].includes(name))
    .map(({ name, place }) => ({ kind: 'file', reason: 'unknown-dataset', place, name, own, known }));
}

/** Where a file names data sets, as values of the parameter. */
export function listDatasetUses(tree: SourceNode): { readonly name: string; readonly place: Place }[] {
  return listParameterMappings(tree).flatMap(({ node }) => namesIn(node.entries.get('dataset')?.node));
}

/** Names of IDX files that an entry need not give. */
export const usualFiles = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** The entries by their names, with defaults; of a checked tree. */
export function resolveDatasets(tree: SourceNode): ReadonlyMap<string, OwnEntry> {
  const node = findNode(tree, ['datasets']);
  const entries = node ? (toValue(node) as Record<string, DatasetEntry>) : {};
  return new Map(Object.entries(entries).map(([name, entry]) => [name, resolveEntry(tree, name, entry)]));
}

function resolveEntry(tree: SourceNode, name: string, entry: DatasetEntry): OwnEntry {
  const kind = kinds.find((one) => entry[one] !== undefined)!;
  const path = entry[kind]!;
  const at = (field: string) => placeOf(tree, ['datasets', name, field]);
  const { columns = {}, background = 'white' } = entry;
  const grey = { white: 255, black: 0 } as const;
  return {
    name,
    kind,
    path,
    location: locate(path, at(kind)),
    layout: entry.layout ?? null,
    classes: entry.classes?.map((one) => one.normalize('NFC')) ?? null,
    channels: entry.channels ?? null,
    background: typeof background === 'number' ? background : grey[background],
    skipsBadImages: entry.badImages === 'skip',
    order: entry.order ?? 'content',
    files: {
      trainImages: entry.trainImages ?? usualFiles.trainImages,
      trainLabels: entry.trainLabels ?? usualFiles.trainLabels,
      testImages: entry.testImages ?? usualFiles.testImages,
      testLabels: entry.testLabels ?? usualFiles.testLabels,
    },
    firstLabel: entry.firstLabel ?? 0,
    transpose: entry.transpose ?? false,
    columns: {
      path: columns.path ?? null,
      label: columns.label ?? null,
      split: columns.split ?? null,
      group: columns.group ?? null,
    },
    placeOf: (...field) => placeOf(tree, ['datasets', name, ...field]),
  };
}

/** A path is relative to the file that names it; in `--set` and on standard input, to the working folder. */
function locate(path: string, { path: file }: Place): string {
  const expanded = expandHome(path) ?? path;
  if (isAbsolute(expanded)) return expanded;
  return file === '--set' || file.startsWith('<') ? path : join(dirname(file), path);
}
