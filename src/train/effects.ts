import { countLabels } from '../params/count-labels.js';
import { parameters } from '../params/parameters.js';
import type { EffectTools, TrainingEffect } from '../params/parameter.js';
import type { TrialParams } from '../plan/plan.js';

/** Passes a value through the effects that the parameters have at this point of a step, in their order. */
export function applyEffects<Point extends 'features' | 'gradients'>(
  point: Point,
  value: Parameters<NonNullable<TrainingEffect<unknown>[Point]>>[0],
  params: TrialParams,
  tools: EffectTools,
): typeof value {
  return parameters.reduce((current, { name, effect }) => {
    const change = effect?.[point] as Change<typeof value> | undefined;
    return change ? change(current, params[name], tools) : current;
  }, value);
}

type Change<Value> = (value: Value, setting: unknown, tools: EffectTools) => Value;

/** What the training loss of each class is multiplied by; null: by nothing. Several parameters multiply. */
export function classWeightsOf(
  params: TrialParams,
  labels: Uint8Array | Uint16Array,
  classes: number,
): readonly number[] | null {
  const counts = countLabels(labels, classes);
  return parameters.reduce((product: readonly number[] | null, { name, effect }) => {
    const weights = effect?.classWeights?.(params[name], counts) ?? null;
    return product && weights
      ? product.map((weight, index) => weight * weights[index]!)
      : (weights ?? product);
  }, null);
}
