import type { Cell } from '../../../plan/plan.js';
import { mean } from '../../statistics/statistics.js';
import { describeDuration } from '../../text/describe-duration.js';
import { nameOfCell } from '../drawing/cells.js';
import { drawTable } from '../drawing/plot.js';
import type { MakeSection } from './section.js';

interface Cost {
  readonly cell: Cell;
  readonly trials: number;
  /** Means of a trial. */
  readonly seconds: number;
  readonly imagesPerSecond: number | null;
  readonly bytes: number;
  readonly epochs: number;
}

/** Time, images a second and memory per cell. */
export const makeCost: MakeSection = ({ report: { plan, results, leaderboard } }) => {
  const costs = leaderboard.flatMap(({ cell }): Cost[] => {
    const own = results.flatMap(({ trial, outcome }) =>
      trial.cellIndex === cell.index && outcome.status !== 'failed' ? [outcome] : [],
    );
    if (own.length === 0) return [];
    const seconds = mean(own.map(({ trainSeconds }) => trainSeconds))!;
    const trained = own.map(({ epochs }) => epochs.length * cell.params.trainSubset);
    const inEpochs = own.map(({ epochs }) => epochs.reduce((sum, epoch) => sum + epoch.seconds, 0));
    const total = inEpochs.reduce((sum, value) => sum + value, 0);
    return [
      {
        cell,
        trials: own.length,
        seconds,
        imagesPerSecond: total > 0 ? trained.reduce((sum, images) => sum + images, 0) / total : null,
        bytes: Math.max(...own.map(({ peakBytes }) => peakBytes)),
        epochs: mean(own.map(({ epochs }) => epochs.length))!,
      },
    ];
  });
  if (costs.length === 0) return null;
  const all = costs.reduce((sum, { seconds, trials }) => sum + seconds * trials, 0);
  return {
    id: 'cost',
    title: 'Time and memory',
    lead: `What a trial of each setting took on the machine that trained it, beside whatever else ran there. Images a second are training images; the evaluation after each epoch is in the time. All trials together took ${describeDuration(all)}.`,
    content: drawTable(
      [
        { title: 'setting', content: ({ cell }) => nameOfCell(cell, plan) },
        { title: 'trials', isNumber: true, content: ({ trials }) => trials, value: ({ trials }) => trials },
        {
          title: 'time of a trial',
          isNumber: true,
          content: ({ seconds }) => describeDuration(seconds),
          value: ({ seconds }) => seconds,
        },
        {
          title: 'epochs',
          isNumber: true,
          content: ({ epochs }) => Number(epochs.toFixed(1)),
          value: ({ epochs }) => epochs,
        },
        {
          title: 'images a second',
          isNumber: true,
          content: ({ imagesPerSecond }) =>
            imagesPerSecond === null ? '–' : Math.round(imagesPerSecond).toLocaleString('en'),
          value: ({ imagesPerSecond }) => imagesPerSecond,
        },
        {
          title: 'peak memory',
          isNumber: true,
          content: ({ bytes }) => `${(bytes / 2 ** 30).toFixed(2)} GiB`,
          value: ({ bytes }) => bytes,
        },
      ],
      costs,
      { caption: 'Time and memory', sortable: true },
    ),
  };
};
