import type { Cell, Plan } from '../../../plan/plan.js';
import { unitOf } from '../../text/units.js';

/** A cell in words: the axes that tell it from others. */
export function nameOfCell({ axes }: Cell, plan: Plan): string {
  const telling = plan.axes.filter(({ values }) => values.length > 1);
  const names = (telling.length > 0 ? telling : plan.axes)
    .filter(({ name }) => axes[name] !== undefined)
    .map(({ name }) => (typeof axes[name] === 'string' ? axes[name] : `${name} ${axes[name]}`));
  return names.join(', ') || 'the only setting';
}

/** A value of the metric for people: four decimals. */
export const showValue = (value: number | null): string => (value === null ? '–' : value.toFixed(4));

/** A difference in points or nats, with its sign. */
export function showDifference(difference: number | null, plan: Pick<Plan, 'metric'>): string {
  if (difference === null) return '–';
  const { scale, decimals } = unitOf(plan);
  const text = (scale * difference).toFixed(decimals);
  return Number(text) > 0 ? `+${text}` : text.replace('-', '−');
}

/** What the metric is called in a text. */
export const metricTitles = {
  valAccuracy: 'accuracy',
  valLoss: 'loss',
  valBalancedAccuracy: 'balanced accuracy',
  valMacroF1: 'macro F1',
  valTop5: 'top-5 accuracy',
} as const;

/** A fraction as percent. */
export const showPercent = (fraction: number): string => `${Math.round(100 * fraction)} %`;

/** A text of at most `most` characters: a longer one ends in `…`. */
export const shorten = (most: number, text: string): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
