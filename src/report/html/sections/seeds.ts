import type { PairedComparison } from '../../statistics/paired-comparisons.js';
import { metricTitles, nameOfCell, showDifference, showValue, shorten } from '../drawing/cells.js';
import { html } from '../drawing/html.js';
import { drawPlot, drawTable, Plot, scaleOf } from '../drawing/plot.js';
import type { MakeSection } from './section.js';

/** Characters of a name beside an axis. */
const widestName = 16;

/** More slope charts than this are not drawn; the table has all pairs. */
const mostCharts = 24;

/** Each seed's pair: a slope from the baseline to the setting. */
export const makeSeeds: MakeSection = ({ report: { plan, comparisons, values } }) => {
  const withPairs = comparisons.filter(({ pairs }) => pairs > 0);
  if (withPairs.length === 0) return null;
  const sign = plan.metric.goal === 'maximize' ? 1 : -1;
  const pairsOf = ({ cell, baseline, seeds, differences, judgedOn }: PairedComparison) => {
    const part = judgedOn === 'test' ? 'test' : 'validation';
    const of = (index: number, seed: number) => values[index]![part].get(seed) as number;
    return seeds.map((seed, index) => ({
      seed,
      from: of(baseline.index, seed),
      to: of(cell.index, seed),
      difference: differences[index]!,
    }));
  };
  const charts = withPairs.slice(0, mostCharts).map((comparison) => {
    const pairs = pairsOf(comparison);
    const ends = pairs.flatMap(({ seed, from, to, difference }) => [
      { seed, place: 0, value: from, difference },
      { seed, place: 1, value: to, difference },
    ]);
    const names = [nameOfCell(comparison.baseline, plan), nameOfCell(comparison.cell, plan)];
    const marksOf = (isGain: boolean) => {
      const some = ends.filter(({ difference }) => sign * difference > 0 === isGain);
      const stroke = isGain ? 'var(--s0)' : 'var(--s1)';
      return [
        Plot.line(some, {
          x: 'place',
          y: 'value',
          z: 'seed',
          stroke,
          strokeWidth: 1.5,
          strokeDasharray: isGain ? 'none' : '5 3',
        }),
        Plot.dot(some, {
          x: 'place',
          y: 'value',
          r: 3.5,
          fill: stroke,
          title: ({ seed, value, difference }: (typeof ends)[number]) =>
            `seed ${seed}: ${showValue(value)}, difference ${showDifference(difference, plan)}`,
        }),
      ];
    };
    return drawPlot(
      {
        width: 340,
        height: 280,
        marginLeft: 52,
        marginBottom: 36,
        x: {
          type: 'point',
          domain: [0, 1],
          padding: 0.3,
          label: null,
          tickFormat: (place: number) => shorten(widestName, names[place]!),
        },
        y: { label: metricTitles[plan.metric.name], ...scaleOf(ends.map(({ value }) => value)) },
        marks: [...marksOf(true), ...marksOf(false)],
      },
      `Each seed's ${metricTitles[plan.metric.name]}, from ${names[0]} to ${names[1]}`,
      drawTable(
        [
          { title: 'seed', isNumber: true, content: ({ seed }) => seed },
          {
            title: names[0]!,
            isNumber: true,
            content: ({ from }) => showValue(from),
            value: ({ from }) => from,
          },
          { title: names[1]!, isNumber: true, content: ({ to }) => showValue(to), value: ({ to }) => to },
          {
            title: 'difference',
            isNumber: true,
            content: ({ difference }) => showDifference(difference, plan),
            value: ({ difference }) => difference,
          },
        ],
        pairs,
        { caption: `${names[1]} against ${names[0]}, by seed` },
      ),
    );
  });
  const hidden = withPairs.length - charts.length;
  return {
    id: 'seeds',
    title: 'Each seed',
    lead: `A line for each seed, from the baseline to the setting: solid where the setting is better, dashed where it is not. If one steep line makes the difference, one seed made it; if all lines lean the same way, the setting did.${hidden > 0 ? ` ${hidden} more comparisons are in comparisons.csv.` : ''}`,
    content: html`<div class="plots">${charts}</div>`,
  };
};
