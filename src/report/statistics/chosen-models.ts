import type { Plan } from '../../plan/plan.js';
import type { LeaderboardRow } from './leaderboard.js';
import type { TrialResult } from './trial-results.js';

/** A trial whose model is to be saved. */
export interface ChosenModel {
  /** Below the folder of models. */
  readonly folder: string;
  readonly result: TrialResult & { readonly selected: NonNullable<TrialResult['selected']> };
  readonly row: LeaderboardRow;
}

export const bestFolder = 'best';

/** The models that a plan asks for, as far as there are trials to take them of: the best cell's, then every trial's. */
export function chooseModels(
  { metric, saveModels, cells }: Pick<Plan, 'metric' | 'saveModels' | 'cells'>,
  leaderboard: readonly LeaderboardRow[],
  results: readonly TrialResult[],
): ChosenModel[] {
  if (saveModels === 'none') return [];
  const rows = new Map(leaderboard.map((row) => [row.cell.index, row]));
  const folders = cellFolders(cells);
  const all = results.flatMap((result): ChosenModel[] => {
    const { trial, outcome, selected } = result;
    const row = rows.get(trial.cellIndex);
    if (outcome.status !== 'completed' || !selected || !row) return [];
    const folder = `${folders[trial.cellIndex]}/seed-${trial.seed}`;
    return [{ folder, result: { ...result, selected }, row }];
  });
  const [top] = leaderboard;
  const ofTop = top && top.rank !== null ? all.filter(({ row }) => row === top) : [];
  const best = median(ofTop, metric).map((model) => ({ ...model, folder: bestFolder }));
  return saveModels === 'best' ? best : [...best, ...all];
}

/**
 * The one in the middle by the metric, of two the less good. The reported mean is of all seeds: the best
 * seed's figure is flattered by luck, and promises what a new image will not see.
 */
function median(models: readonly ChosenModel[], { name, goal }: Plan['metric']): ChosenModel[] {
  const sign = goal === 'maximize' ? 1 : -1;
  const valueOf = ({ result }: ChosenModel) => sign * (result.selected[name] ?? NaN);
  const sorted = models.toSorted((a, b) => valueOf(a) - valueOf(b));
  return sorted.slice(Math.floor((sorted.length - 1) / 2)).slice(0, 1);
}

const longestName = 100; // a file system takes 255 bytes

/** A folder's name for each cell, such as `dropout=0.2,resolution=56`. */
function cellFolders(cells: Plan['cells']): string[] {
  const names = cells.map(
    ({ axes }) =>
      Object.entries(axes)
        .map(([name, value]) => `${name}=${value}`)
        .join(',')
        .replace(/[^\w.=,+-]+/g, '-')
        .slice(0, longestName)
        .replace(/\.+$/, ''), // Windows drops dots at the end
  );
  const folded = names.map((name) => name.toLowerCase()); // as macOS and Windows compare them
  return names.map((name, index) => {
    const isAlone = name !== '' && folded.indexOf(folded[index]!) === folded.lastIndexOf(folded[index]!);
    return isAlone ? name : `cell-${index + 1}`;
  });
}
