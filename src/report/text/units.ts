import type { Plan } from '../../plan/plan.js';

interface Unit {
  /** What a difference is multiplied by. */
  readonly scale: number;
  readonly decimals: number;
  readonly name: string;
}

/** Accuracies and the like are shown in points, hundredths of them; losses in nats. */
export function unitOf({ metric }: Pick<Plan, 'metric'>): Unit {
  return metric.name !== 'valLoss'
    ? { scale: 100, decimals: 2, name: 'points' }
    : { scale: 1, decimals: 4, name: 'nats' };
}

/** A size as it was given: `0.3 points`. */
export function showMargin(margin: number, plan: Pick<Plan, 'metric'>): string {
  const { scale, name } = unitOf(plan);
  return `${Number((scale * margin).toPrecision(6))} ${name}`;
}
