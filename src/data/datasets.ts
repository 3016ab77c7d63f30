import { loadFolder } from '../system/load-folder.js';
import type { Dataset } from './dataset.js';

/** Every data set that has a name everywhere, by the name of its file in sets/. */
export const datasets: readonly Dataset[] = await loadFolder<Dataset>(new URL('sets/', import.meta.url));

export const datasetNames: readonly string[] = datasets.map(({ name }) => name);

/** @throws Error where there is none of this name */
export function datasetNamed(name: string): Dataset {
  const dataset = datasets.find((other) => other.name === name);
  if (dataset) return dataset;
  throw new Error(`Expected one of ${datasetNames.join(', ')}, got ${name}`);
}

/** The data set of experiments that name none. */
export const defaultDataset = datasetNamed('fashion-mnist');
