import type { EpochRecord } from '../../../trial/outcome.js';
import { mean } from '../../statistics/statistics.js';
import { nameOfCell } from '../drawing/cells.js';
import { html, type Html } from '../drawing/html.js';
import { colourOf, dashOf, drawPlot, drawTable, Plot, scaleOf } from '../drawing/plot.js';
import type { MakeSection } from './section.js';

/** More cells than this are not drawn; epochs.csv has them all. */
const mostCells = 60;
/** So many are shown until the reader chooses. */
const firstShown = 8;

interface Point {
  readonly epoch: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
}

const measures = [
  ['valAccuracy', 'accuracy on the validation images'],
  ['trainAccuracy', 'accuracy while training'],
  ['valLoss', 'loss on the validation images'],
  ['trainLoss', 'loss while training'],
] as const;

/** Accuracy and loss against epoch: a line per cell, its seeds as a band. */
export const makeCurves: MakeSection = ({ report: { plan, leaderboard, results } }) => {
  const epochsOf = new Map<number, (readonly EpochRecord[])[]>();
  for (const { trial, outcome } of results) {
    if (outcome.status === 'failed') continue;
    const there = epochsOf.get(trial.cellIndex);
    if (there) there.push(outcome.epochs);
    else epochsOf.set(trial.cellIndex, [outcome.epochs]);
  }
  const cells = leaderboard.map(({ cell }) => cell).filter(({ index }) => epochsOf.has(index));
  if (cells.length === 0) return null;
  const drawn = cells.slice(0, mostCells);
  const plots = measures.map(([measure, title]): Html => {
    const lines = drawn.map((cell, place) => ({
      place,
      name: nameOfCell(cell, plan),
      points: pointsOf(epochsOf.get(cell.index)!, measure),
    }));
    const all = lines.flatMap(({ name, points }) => points.map((point) => ({ name, ...point })));
    const few = Math.max(...all.map(({ epoch }) => epoch)) <= 12;
    return drawPlot(
      {
        width: 540,
        height: 300,
        marginLeft: 48,
        x: {
          label: 'epoch',
          ...(few ? { ticks: [...new Set(all.map(({ epoch }) => epoch))], tickFormat: 'd' } : {}),
        },
        y: {
          label: title,
          labelAnchor: 'top',
          ...scaleOf(all.flatMap(({ low, high }) => [low, high])),
        },
        marks: lines.flatMap(({ place, name, points }) => [
          Plot.areaY(points, {
            x: 'epoch',
            y1: 'low',
            y2: 'high',
            fill: colourOf(place),
            fillOpacity: 0.18,
            className: `series series-${place}`,
          }),
          Plot.lineY(points, {
            x: 'epoch',
            y: 'mean',
            stroke: colourOf(place),
            strokeWidth: 2,
            strokeDasharray: dashOf(place),
            className: `series series-${place}`,
          }),
          Plot.dot(points, {
            x: 'epoch',
            y: 'mean',
            r: few ? 3 : 1.5,
            fill: colourOf(place),
            className: `series series-${place}`,
            title: ({ epoch, mean, low, high, seeds }: Point) =>
              `${name}, epoch ${epoch}: ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)}, seeds: ${seeds})`,
          }),
        ]),
      },
      `Mean ${title} against epoch, a line for each setting`,
      all.length > 2000
        ? null
        : drawTable(
            [
              { title: 'setting', content: ({ name }) => name },
              { title: 'epoch', isNumber: true, content: ({ epoch }) => epoch },
              {
                title: 'mean',
                isNumber: true,
                content: ({ mean }) => mean.toFixed(4),
                value: ({ mean }) => mean,
              },
              {
                title: 'lowest',
                isNumber: true,
                content: ({ low }) => low.toFixed(4),
                value: ({ low }) => low,
              },
              {
                title: 'highest',
                isNumber: true,
                content: ({ high }) => high.toFixed(4),
                value: ({ high }) => high,
              },
              { title: 'seeds', isNumber: true, content: ({ seeds }) => seeds },
            ],
            all,
            { caption: `Mean ${title}` },
          ),
    );
  });
  const choices = drawn.map(
    (cell, place) =>
      html`<label
        ><input type="checkbox" data-series="${place}" ${place < firstShown && html` checked`} /><svg
          width="26"
          height="10"
          aria-hidden="true"
        >
          <line
            x1="0"
            x2="26"
            y1="5"
            y2="5"
            stroke="${colourOf(place)}"
            stroke-width="3"
            stroke-dasharray="${dashOf(place)}"
          /></svg
        >${nameOfCell(cell, plan)}</label
      >`,
  );
  const hidden = cells.length - drawn.length;
  return {
    id: 'curves',
    title: 'Training',
    lead: `The mean over the seeds after each epoch; the band goes from the lowest seed to the highest. Lines that still rise at the end would gain from more epochs; a loss on validation images that rises while the other falls is overfitting.${hidden > 0 ? ` The ${mostCells} best settings are drawn; ${hidden} more are in epochs.csv.` : ''}`,
    content: html`<fieldset class="choices" data-choices>
        <legend>Settings that are shown</legend>
        ${choices}<span class="buttons"
          ><button type="button" data-all>all</button><button type="button" data-none>none</button></span
        >
      </fieldset>
      <div class="plots">${plots}</div>`,
  };
};

function pointsOf(
  seeds: readonly (readonly EpochRecord[])[],
  measure: (typeof measures)[number][0],
): Point[] {
  const last = Math.max(...seeds.map((epochs) => epochs.length));
  return Array.from({ length: last }, (_, index) => {
    const values = seeds.flatMap((epochs) => epochs[index]?.[measure] ?? []).filter(Number.isFinite);
    return {
      epoch: index + 1,
      mean: mean(values) ?? NaN,
      low: Math.min(...values),
      high: Math.max(...values),
      seeds: values.length,
    };
  }).filter(({ seeds }) => seeds > 0);
}
