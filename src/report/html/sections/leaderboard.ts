import type { LeaderboardRow } from '../../statistics/leaderboard.js';
import { isHeldOut } from '../../statistics/trial-results.js';
import { leaderboardColumns } from '../../outputs/leaderboard.js';
import { metricTitles, showValue } from '../drawing/cells.js';
import { html } from '../drawing/html.js';
import { drawTable, type TableColumn } from '../drawing/plot.js';
import type { MakeSection } from './section.js';
import { exactColumns } from '../drawing/exact-columns.js';

/** The cells, the best first. */
export const makeLeaderboard: MakeSection = ({ report: { plan, leaderboard } }) => {
  const heldOut = isHeldOut(plan);
  const columns: TableColumn<LeaderboardRow>[] = [
    { title: 'rank', isNumber: true, content: ({ rank }) => rank ?? '–', value: ({ rank }) => rank },
    ...plan.axes.map(({ name, values }): TableColumn<LeaderboardRow> => ({
      title: name,
      isNumber: values.every((value) => typeof value === 'number'),
      content: ({ cell }) => String(cell.axes[name] ?? ''),
      value: ({ cell }) => cell.axes[name] ?? null,
    })),
    {
      title: `mean ${metricTitles[plan.metric.name]}`,
      isNumber: true,
      content: ({ mean }) => showValue(mean),
      value: ({ mean }) => mean,
    },
    { title: 'sd', isNumber: true, content: ({ sd }) => showValue(sd), value: ({ sd }) => sd },
    {
      title: '95 % interval',
      isNumber: true,
      content: ({ interval }) => interval?.map(showValue).join(' to ') ?? '–',
      value: ({ interval }) => interval?.[0] ?? null,
    },
    ...(heldOut
      ? [
          {
            title: 'mean on test images',
            isNumber: true,
            content: ({ test }: LeaderboardRow) => showValue(test?.mean ?? null),
            value: ({ test }: LeaderboardRow) => test?.mean ?? null,
          },
        ]
      : []),
    { title: 'seeds', isNumber: true, content: ({ n }) => n, value: ({ n }) => n },
    {
      title: 'tied with the top',
      content: ({ tiedWithTop }) => (tiedWithTop === null ? '' : tiedWithTop ? 'yes' : 'no'),
      value: ({ tiedWithTop }) => tiedWithTop,
    },
    {
      title: 'parameters',
      isNumber: true,
      content: ({ parameters }) => parameters?.toLocaleString('en') ?? '–',
      value: ({ parameters }) => parameters,
    },
  ];
  return {
    id: 'leaderboard',
    title: 'Leaderboard',
    lead: `One row for each setting, ranked by its mean over the seeds on the validation images. "Tied" means that the seeds do not tell it from the first. The heading of a column sorts by it.`,
    content: html`${drawTable(columns, leaderboard, { caption: 'Leaderboard', sortable: true })}
      <details>
        <summary>All columns of leaderboard.csv</summary>
        ${drawTable(exactColumns(leaderboardColumns(plan)), leaderboard, { caption: 'The rows of leaderboard.csv' })}
      </details>`,
  };
};
