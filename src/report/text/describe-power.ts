import { count } from '../../diagnostics/count.js';
import type { Plan } from '../../plan/plan.js';
import type { Power } from '../statistics/power.js';
import { alignColumns } from './align-columns.js';
import { showMargin, unitOf } from './units.js';

/** What the seeds of a plan can tell, in lines below a heading. */
export function describePower(power: Power, plan: Plan): string[] {
  const { smallestDecidable, rows, sd, pairs } = power;
  const { scale, decimals, name } = unitOf(plan);
  const show = (size: number | null) => {
    if (size === null) return '–';
    const own = `${size.toFixed(2)} sd`;
    return sd === null ? own : `${(scale * size * sd).toFixed(decimals)} ${name}`;
  };
  const family = plan.comparisons.length;
  const unit =
    sd === null
      ? 'in standard deviations (sd) of the differences'
      : `by a standard deviation of ${(scale * sd).toFixed(decimals)} ${name} (${count(pairs, 'pair')}; rough below 20)`;
  return [
    `with a chance of 80 %, ${unit}:`,
    ...alignColumns([
      ['seeds', 'a difference from', 'equivalence within'],
      ...rows.map(({ seeds, difference, margin }) => [String(seeds), show(difference), show(margin)]),
    ]),
    `${count(family, 'comparison')} ${family === 1 ? 'needs' : 'need'} ${count(smallestDecidable, 'seed')} at least to show a difference`,
    ...describeMargin(power, plan),
  ];
}

/** Whether the most seeds can decide the file's margin. */
function describeMargin({ rows, sd }: Power, plan: Plan): string[] {
  const { margin } = plan.judging;
  const most = rows.at(-1)!;
  if (margin === null || sd !== null) return []; // where the deviation is known, the table says it, or a hint
  if (most.margin === null) return [];
  const { scale, decimals, name } = unitOf(plan);
  const largest = (scale * margin) / most.margin;
  return [
    `${count(most.seeds, 'seed')} can decide a margin of ${showMargin(margin, plan)} where the sd is ${largest.toFixed(decimals)} ${name} at most`,
  ];
}

/** Pairs below which a standard deviation says too little for a hint. */
const fewestPairs = 6;

/** A hint where even the most seeds will probably not show equivalence within the margin; null elsewhere. */
export function describeMarginHint(
  { rows, sd, pairs, isOpen }: Power,
  plan: Plan,
  file: string,
): string | null {
  const { margin } = plan.judging;
  if (margin === null || !isOpen) return null;
  const { seeds, margin: smallest } = rows.at(-1)!;
  if (smallest === null)
    return [
      `hint[margin-too-small]: ${count(seeds, 'seed')} of ${file} cannot show equivalence, whatever the margin`,
      '  = six seeds at least can, and more where several comparisons are made',
    ].join('\n');
  if (sd === null || pairs < fewestPairs || smallest * sd <= margin) return null;
  const { scale, decimals, name } = unitOf(plan);
  const shown = `${(scale * smallest * sd).toFixed(decimals)} ${name}`;
  return [
    `hint[margin-too-small]: ${count(seeds, 'seed')} of ${file} will probably not show equivalence within ${showMargin(margin, plan)}; they show ${shown}`,
    `  = the differences have a standard deviation of ${(scale * sd).toFixed(decimals)} ${name} so far`,
    '  = more seeds, a larger `compare.margin`, or longer training, which often varies less, would decide it',
  ].join('\n');
}
