import type { PairedComparison } from '../../statistics/paired-comparisons.js';
import { comparisonColumns } from '../../outputs/comparisons.js';
import { showMargin, unitOf } from '../../text/units.js';
import { nameOfCell, showDifference, shorten } from '../drawing/cells.js';
import { html } from '../drawing/html.js';
import { drawPlot, drawTable, Plot, type TableColumn, scaleOf } from '../drawing/plot.js';
import type { MakeSection } from './section.js';
import { exactColumns } from '../drawing/exact-columns.js';

/** Characters of a name beside an axis. */
const widestName = 46;

/** More rows than this hide what matters; the table has them all. */
const mostRows = 200;

/** Each comparison's difference with its interval: a forest plot. */
export const makeDifferences: MakeSection = ({ report: { plan, comparisons } }) => {
  if (comparisons.length === 0) return null;
  const { margin, stopping } = plan.judging;
  const { scale, decimals, name: unit } = unitOf(plan);
  const nameOf = ({ cell, baseline }: PairedComparison) =>
    `${nameOfCell(cell, plan)} − ${nameOfCell(baseline, plan)}`;
  const intervalOf = (one: PairedComparison) => (stopping === 'anytime' ? one.anytimeInterval : one.interval);
  const rows = comparisons.slice(0, mostRows).map((one, index) => {
    const [low, high] = (intervalOf(one) ?? [null, null]).map((end) => end !== null && scale * end);
    const [newLow, newHigh] = (one.newImages ?? [null, null]).map((end) => end !== null && scale * end);
    const mean = one.meanDifference === null ? null : scale * one.meanDifference;
    return {
      index,
      name: shorten(widestName, nameOf(one)),
      verdict: one.verdict,
      mean,
      low,
      high,
      newLow,
      newHigh,
    };
  });
  type Row = (typeof rows)[number];
  const having = (...fields: (keyof Row)[]) =>
    rows.filter((row) => fields.every((field) => typeof row[field] === 'number'));
  const within = margin === null ? [] : [-scale * margin, scale * margin];
  const ends = [
    ...rows.flatMap(({ mean, low, high, newLow, newHigh }) => [mean, low, high, newLow, newHigh]),
    ...within,
    0,
  ].filter((end) => typeof end === 'number');
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const titleOf = ({ name, mean, low, high }: Row) =>
    `${name}: ${mean === null ? 'no pairs' : mean.toFixed(2)}${typeof low === 'number' ? ` (${low.toFixed(2)} to ${(high as number).toFixed(2)})` : ''} ${unit}`;
  const plot = drawPlot(
    {
      width: 760,
      height: 70 + 30 * rows.length,
      marginLeft: Math.min(330, 20 + 6.6 * widest),
      marginRight: 20,
      x: { label: `difference in ${unit}`, ...scaleOf(ends, 10 ** -decimals * 10) },
      y: {
        type: 'band',
        label: null,
        tickSize: 0,
        domain: rows.map(({ index }) => index),
        tickFormat: (index: number) => rows[index]!.name,
      },
      marks: [
        ...(margin === null
          ? []
          : [
              Plot.rectX([0], {
                x1: -scale * margin,
                x2: scale * margin,
                fill: 'var(--margin)',
                className: 'margin',
              }),
            ]),
        Plot.ruleX([0], { stroke: 'currentColor' }),
        Plot.ruleY(having('newLow', 'newHigh'), {
          y: 'index',
          x1: 'newLow',
          x2: 'newHigh',
          stroke: 'currentColor',
          strokeOpacity: 0.35,
          strokeWidth: 1.5,
          strokeDasharray: '3 3',
          dy: 8,
        }),
        Plot.ruleY(having('low', 'high'), {
          y: 'index',
          x1: 'low',
          x2: 'high',
          stroke: 'var(--s0)',
          strokeWidth: 3,
        }),
        Plot.dot(having('mean'), {
          y: 'index',
          x: 'mean',
          r: 5,
          fill: ({ verdict }: Row) => fillOf(verdict),
          stroke: 'var(--s0)',
          strokeWidth: 2,
          title: titleOf,
        }),
      ],
    },
    'Differences between settings and their baselines, with intervals',
    drawTable(exactColumns(comparisonColumns(plan)), comparisons, { caption: 'The rows of comparisons.csv' }),
  );
  const columns: TableColumn<PairedComparison>[] = [
    { title: 'comparison', content: nameOf },
    { title: 'verdict', content: ({ verdict }) => verdict, value: ({ verdict }) => verdict },
    {
      title: unit,
      isNumber: true,
      content: ({ meanDifference }) => showDifference(meanDifference, plan),
      value: ({ meanDifference }) => meanDifference,
    },
    {
      title: stopping === 'anytime' ? 'interval, at any look' : '95 % interval',
      isNumber: true,
      content: (one) =>
        intervalOf(one)
          ?.map((end) => showDifference(end, plan))
          .join(' to ') ?? '–',
    },
    { title: 'seeds', isNumber: true, content: ({ pairs }) => pairs, value: ({ pairs }) => pairs },
  ];
  const sure =
    stopping === 'anytime'
      ? 'The thick line is the 95 % interval of the mean difference, which holds however often one has looked'
      : 'The thick line is the 95 % interval of the mean difference, for one look at the number of seeds that the file fixed';
  const images = rows.some(({ newLow }) => typeof newLow === 'number')
    ? '; the dashed one is that for other images of the same kind'
    : '';
  const band =
    margin === null
      ? ''
      : ` The shaded band is the margin, ${showMargin(margin, plan)} to both sides: differences within it do not matter.`;
  const hidden = comparisons.length - rows.length;
  return {
    id: 'differences',
    title: 'Differences',
    lead: `${sure}${images}. A filled dot is a difference that is shown, an open one is not: its line crosses 0.${band}${hidden > 0 ? ` ${hidden} more are in the table.` : ''}`,
    content: html`${plot}${drawTable(columns, comparisons, { caption: 'Comparisons', sortable: true })}`,
  };
};

const fillOf = (verdict: PairedComparison['verdict']) =>
  verdict === 'better' || verdict === 'worse'
    ? 'var(--s0)'
    : verdict === 'equivalent'
      ? 'var(--s2)'
      : 'var(--paper)';
