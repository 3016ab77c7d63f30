import type { Dataset } from '../dataset.js';
import { findData, peekData, type DataSources } from './find-data.js';

/** What a format knows to do with the files of a data set. */
export type DatasetFiles = Pick<Dataset, 'sha256' | 'verify' | 'load'>;

/** What a file in sets/ states of its data set. */
export type PublishedFacts = Pick<
  Dataset,
  'name' | 'title' | 'train' | 'test' | 'shape' | 'classes' | 'mean' | 'deviation'
>;

/** A data set whose files are found, or fetched, and then read by its format. */
export function publishedDataset(
  facts: PublishedFacts,
  sources: Omit<DataSources, 'title'>,
  { sha256, verify, load }: DatasetFiles,
): Dataset {
  const titled = { ...sources, title: facts.title };
  return {
    ...facts,
    val: null,
    side: facts.shape[0] === facts.shape[1] ? facts.shape[0] : null,
    sha256,
    contents: sources.contents,
    directoryVariable: sources.directoryVariable,
    peek: (dataDir) => peekData(titled, dataDir),
    find: (options) => findData(titled, options, verify),
    verify,
    load,
  };
}
