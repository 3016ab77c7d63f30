import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { datasetNames } from '../data/datasets.js';
import { openOwnDataset } from '../data/own/open-own-dataset.js';
import type { OwnDataset } from '../data/own/own-dataset.js';
import type { OwnEntry } from '../data/own/own-entry.js';
import type { Place } from '../diagnostics/code-frame.js';
import { RunnerError } from '../diagnostics/runner-error.js';
import { code } from '../diagnostics/wording.js';
import { resolveDatasets, usualFiles } from '../spec/dataset-entries.js';
import type { DatasetEntry } from '../spec/experiment-spec.js';
import { misreadingOf } from '../spec/misread-name.js';
import type { SourceMap } from '../spec/source/source-tree.js';
import { isWithin } from '../system/is-within.js';
import { UsageError, type Arguments } from './arguments.js';
import { sayProgress } from './say-progress.js';

/** Images of the user's own, found in a folder or a file of which nothing else is known. */
export interface FoundImages {
  readonly kind: OwnEntry['kind'];
  /** What the entry of `datasets` says beside the path. */
  readonly fields: Readonly<Partial<DatasetEntry>>;
  /** Its name is that of the folder or file, as `datasets` and `name` may have it. */
  readonly dataset: OwnDataset;
  /** What the user named, for problems that have no other place. */
  readonly place: Place;
}

/**
 * Finds out how a folder or a CSV file is read, and reads it but for its pixels.
 * @throws RunnerError as `openOwnDataset`; UsageError where results would be written among the classes
 */
export async function lookAtData(path: string, args: Arguments): Promise<FoundImages> {
  const place = { path: '--from', text: path, start: 0, end: path.length };
  const { kind, fields } = recognize(path);
  const name = nameFor(path, kind);
  const progress = sayProgress(
    args,
    (done, total) => `Reading ${path}: ${done} of ${total} new or changed images`,
  );
  const open = (more: Partial<DatasetEntry>) =>
    openOwnDataset(entryFor(name, { [kind]: path, ...fields, ...more }, place), progress);
  try {
    const dataset = await open({});
    if (kind === 'folder') checkNotWithin(path);
    return { kind, fields, dataset, place };
  } catch (error) {
    const firstLabel = error instanceof RunnerError ? shiftOf(error) : null;
    if (firstLabel === null) throw error;
    return { kind, fields: { ...fields, firstLabel }, dataset: await open({ firstLabel }), place };
  }
}

/** Names of IDX files, such as `train-images.idx3-ubyte` or `emnist-letters-train-images-idx3-ubyte`. */
const idxNames = {
  trainImages: /train.*images.*idx[34]/i,
  trainLabels: /train.*labels.*idx1/i,
  testImages: /(test|t10k).*images.*idx[34]/i,
  testLabels: /(test|t10k).*labels.*idx1/i,
} as const;

/** A path that leads nowhere is left to `openOwnDataset`, which says so. */
function recognize(path: string): Pick<FoundImages, 'kind' | 'fields'> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (extname(path).toLowerCase() === '.csv' && !found?.isDirectory()) return { kind: 'csv', fields: {} };
  const names = found?.isDirectory() ? readdirSync(path).sort() : [];
  const fields = Object.keys(idxNames) as (keyof typeof idxNames)[];
  const files = fields.flatMap((field) => {
    const name = names.find((one) => idxNames[field].test(one));
    return name === undefined ? [] : [{ field, name }];
  });
  if (!files.some(({ field }) => field === 'trainImages')) return { kind: 'folder', fields: {} };
  const unusual = files.filter(({ field, name }) => name.replace(/\.gz$/, '') !== usualFiles[field]);
  return { kind: 'idx', fields: Object.fromEntries(unusual.map(({ field, name }) => [field, name])) };
}

/** The smallest label, where labels do not count from 0. */
function shiftOf({ problems }: RunnerError): number | null {
  const [problem] = problems;
  return problem?.reason === 'bad-labels' && problem.lowest > 0 ? problem.lowest : null;
}

/** A name that an experiment and an entry of `datasets` may both have, and a reader of CSV leaves as it is. */
function nameFor(path: string, kind: OwnEntry['kind']): string {
  const full = resolve(path);
  const name = basename(full, kind === 'csv' ? extname(full) : '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 57)
    .replace(/[-_]+$/, '');
  if (name === '') return 'images';
  const isOther = datasetNames.includes(name) || misreadingOf(name) !== null;
  return isOther ? `${name}-images` : name;
}

/** An entry as a file would have it. */
function entryFor(name: string, fields: DatasetEntry, place: Place): OwnEntry {
  const toMap = (values: Readonly<Record<string, unknown>>): SourceMap => ({
    kind: 'map',
    place,
    entries: new Map(
      Object.entries(values).map(([field, value]) => [
        field,
        {
          key: place,
          node:
            typeof value === 'string' || typeof value === 'number'
              ? { kind: 'scalar', place, value }
              : toMap(value as Readonly<Record<string, unknown>>),
        },
      ]),
    ),
  });
  return resolveDatasets(toMap({ datasets: { [name]: fields } })).get(name)!;
}

/** The folder `results` is made in the working folder. */
function checkNotWithin(path: string): void {
  if (isWithin(realpathSync(path), realpathSync('.')))
    throw new UsageError(
      `--from: ${code(path)} holds the working folder, so \`results\` would be written among its classes; run this in another folder`,
    );
}
