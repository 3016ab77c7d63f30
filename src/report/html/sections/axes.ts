import type { AxisValue } from '../../../plan/plan.js';
import { mean } from '../../statistics/statistics.js';
import { metricTitles, nameOfCell, showValue, shorten } from '../drawing/cells.js';
import { html } from '../drawing/html.js';
import { drawPlot, drawTable, Plot, scaleOf } from '../drawing/plot.js';
import type { MakeSection } from './section.js';

/** Characters of a name beside an axis. */
const widestName = 18;

/** More values than this are no picture any more. */
const mostValues = 40;

/** Cells against axes: what each value of an axis does on average, and two axes together. */
export const makeAxes: MakeSection = ({ report: { plan, leaderboard } }) => {
  const rows = leaderboard.filter(({ mean }) => mean !== null);
  const axes = plan.axes.filter(({ values }) => values.length > 1 && values.length <= mostValues);
  if (rows.length < 2 || axes.length === 0) return null;
  const title = metricTitles[plan.metric.name];
  const having = (name: string, value: AxisValue) => rows.filter(({ cell }) => cell.axes[name] === value);
  const effects = axes.map(({ name, values }) => {
    const means = values.flatMap((value, place) => {
      const there = having(name, value);
      return there.length === 0
        ? []
        : [{ place, value, mean: mean(there.map((row) => row.mean!))!, cells: there.length }];
    });
    const dots = values.flatMap((value, place) =>
      having(name, value).map(({ cell, mean }) => ({ place, mean: mean!, name: nameOfCell(cell, plan) })),
    );
    const tickFormat = (place: number) => shorten(widestName, String(values[place]));
    const slanted = values.some((value) => String(value).length > 10);
    return drawPlot(
      {
        width: 540,
        height: slanted ? 320 : 260,
        marginLeft: 56,
        marginBottom: slanted ? 90 : 42,
        x: {
          type: 'point',
          domain: values.map((_, place) => place),
          label: name,
          tickFormat,
          tickRotate: slanted ? -35 : 0,
        },
        y: { label: `mean ${title}`, ...scaleOf(dots.map((dot) => dot.mean)) },
        marks: [
          Plot.dot(dots, {
            x: 'place',
            y: 'mean',
            r: 3,
            stroke: 'currentColor',
            strokeOpacity: 0.6,
            title: ({ name, mean }: (typeof dots)[number]) => `${name}: ${showValue(mean)}`,
          }),
          Plot.lineY(means, { x: 'place', y: 'mean', stroke: 'var(--s0)', strokeWidth: 2 }),
          Plot.dot(means, {
            x: 'place',
            y: 'mean',
            r: 5,
            fill: 'var(--s0)',
            title: ({ value, mean }: (typeof means)[number]) => `${value}: ${showValue(mean)}`,
          }),
        ],
      },
      `Mean ${title} for each value of ${name}`,
      drawTable(
        [
          { title: name, content: ({ value }) => String(value) },
          {
            title: `mean ${title}`,
            isNumber: true,
            content: ({ mean }) => showValue(mean),
            value: ({ mean }) => mean,
          },
          { title: 'settings', isNumber: true, content: ({ cells }) => cells },
        ],
        means,
        { caption: `Mean ${title} by ${name}` },
      ),
    );
  });
  const [first, second] = axes;
  const two = first && second ? drawHeatMap() : null;
  function drawHeatMap() {
    const cells = second!.values.flatMap((y, row) =>
      first!.values.flatMap((x, column) => {
        const there = rows.filter(
          ({ cell }) => cell.axes[first!.name] === x && cell.axes[second!.name] === y,
        );
        return there.length === 0 ? [] : [{ row, column, x, y, mean: mean(there.map((one) => one.mean!))! }];
      }),
    );
    const [low, high] = [
      Math.min(...cells.map((cell) => cell.mean)),
      Math.max(...cells.map((cell) => cell.mean)),
    ];
    const widest = Math.max(...second!.values.map((value) => shorten(widestName, String(value)).length));
    const share = (value: number) => (high === low ? 0.5 : (value - low) / (high - low));
    return drawPlot(
      {
        width: Math.max(540, 140 + 64 * first!.values.length),
        height: 90 + 36 * second!.values.length,
        marginLeft: 30 + 7 * widest,
        marginBottom: 45,
        x: {
          type: 'band',
          domain: first!.values.map((_, place) => place),
          label: first!.name,
          tickFormat: (place: number) => shorten(widestName, String(first!.values[place])),
          tickSize: 0,
        },
        y: {
          type: 'band',
          domain: second!.values.map((_, place) => place),
          label: second!.name,
          tickFormat: (place: number) => shorten(widestName, String(second!.values[place])),
          tickSize: 0,
        },
        marks: [
          ...cells.map((cell) =>
            Plot.cell([cell], {
              x: 'column',
              y: 'row',
              inset: 1,
              fill: 'var(--s0)',
              fillOpacity: 0.05 + 0.45 * share(cell.mean),
            }),
          ),
          Plot.text(cells, {
            x: 'column',
            y: 'row',
            text: ({ mean }: (typeof cells)[number]) => showValue(mean),
            fill: 'currentColor',
          }),
        ],
      },
      `Mean ${title} for each pair of ${first!.name} and ${second!.name}`,
      drawTable(
        [
          { title: first!.name, content: ({ x }) => String(x) },
          { title: second!.name, content: ({ y }) => String(y) },
          {
            title: `mean ${title}`,
            isNumber: true,
            content: ({ mean }) => showValue(mean),
            value: ({ mean }) => mean,
          },
        ],
        cells,
        { caption: `Mean ${title} by ${first!.name} and ${second!.name}` },
      ),
    );
  }
  return {
    id: 'axes',
    title: 'Settings against axes',
    lead: `A large dot is the mean over all settings with this value, a small one is one setting. Where the small dots of a value are far apart, the other axes matter as much.${two ? ' In the heat map, a row or a column that stands out is an effect of one axis; a single field that stands out is an effect of both together.' : ''}`,
    content: html`<div class="plots">${effects}</div>
      ${two}`,
  };
};
