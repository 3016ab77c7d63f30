import { availableParallelism } from 'node:os';
import { datasetNamed } from '../data/datasets.js';
import { noteCopies } from '../data/own/note-copies.js';
import { partNames, type OwnDataset } from '../data/own/own-dataset.js';
import { deviceLimit } from '../data/pack/open-pack.js';
import { hasPack, packBytes, packFor } from '../data/pack/pack.js';
import { countLabels } from '../params/count-labels.js';
import type { Plan } from '../plan/plan.js';
import type { DataSummary } from '../report/text/describe-data.js';
import type { Arguments } from './arguments.js';
import { dataDirOf, type ExperimentData } from './open-datasets.js';

/** Seconds of one core to decode an image, and a million of its pixels. Measured with JPEGs: docs/data.md. */
const secondsOf = { image: 0.0005, megapixel: 0.024 };

/** What a plan shows of its data sets, and what a run does with them before it trains. */
export async function summarizeData(
  { cells, datasets }: Plan,
  { own }: ExperimentData,
  args: Arguments,
): Promise<DataSummary[]> {
  const known = datasets.filter(({ name }) => !own.has(name)).map(({ name }) => name);
  return Promise.all(
    datasets.map(async (planned) => {
      const dataset = own.get(planned.name);
      const notes = dataset
        ? dataset.notes
        : await noteCopies(datasetNamed(planned.name), dataDirOf(planned.name, known, args));
      const ofCells = cells.filter(({ params }) => params.dataset === planned.name);
      return {
        ...planned,
        classCounts: dataset ? countLabels(dataset.train.labels!, dataset.classes.length) : null,
        channels: dataset?.decoding.channels ?? null,
        validations: [
          ...new Map(ofCells.map(({ data }) => [JSON.stringify(data), data.validation])).values(),
        ],
        notes: notes ?? [],
        packs: dataset ? listPacks(dataset, ofCells) : [],
      };
    }),
  );
}

/** Those that a run will make. */
function listPacks(dataset: OwnDataset, cells: Plan['cells']): DataSummary['packs'] {
  const wanted = cells.map(({ params }) => packFor(dataset, params.resolution, params.fit));
  const packs = [...new Map(wanted.map((options) => [JSON.stringify(options), options])).values()];
  const images = partNames.flatMap((part) => dataset.parts[part] ?? []);
  const pixels = images.reduce((sum, { width, height }) => sum + width * height, 0);
  const isFile = images.some(({ from }) => 'file' in from);
  const seconds = isFile ? images.length * secondsOf.image + (pixels / 1e6) * secondsOf.megapixel : 0;
  return packs.map((options) => {
    const bytes = packBytes(dataset, options);
    return {
      ...options,
      images: images.length,
      bytes,
      seconds: seconds / availableParallelism(),
      isReadByBatch: (bytes / images.length) * dataset.train.count > deviceLimit,
      isThere: hasPack(dataset, options),
    };
  });
}
