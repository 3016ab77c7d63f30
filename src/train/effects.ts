import { parameters } from '../params/parameters.js';
import type { EffectTools, TrainingEffect } from '../params/parameter.js';
import type { TrialParams } from '../plan/plan.js';

/** Passes a value through the effects that the parameters have at this point of a step, in their order. */
export function applyEffects<Point extends keyof TrainingEffect<unknown>>(
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
