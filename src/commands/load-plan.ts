import { defaultDataset } from '../data/datasets.js';
import { peekWeightsSha256 } from '../model/mobilenet-v1/weights-file.js';
import { expandPlan } from '../plan/expand-plan.js';
import type { Plan } from '../plan/plan.js';
import type { ExperimentSpec } from '../spec/experiment-spec.js';
import { loadSpec } from '../spec/load-spec.js';
import type { Arguments } from './arguments.js';

/** Numbers of one engine family are compared, others are not. */
export const engineFamily = 'tensorflow';

/** Loads and expands a file. @throws RunnerError with all its problems */
export async function loadPlan(file: string, args: Arguments): Promise<Plan> {
  return (await loadPlanAndFiles(file, args)).plan;
}

/** As `loadPlan`, with the files that the plan was made of. */
export async function loadPlanAndFiles(
  file: string,
  args: Arguments,
): Promise<{ readonly plan: Plan; readonly files: ExperimentSpec['files'] }> {
  const spec = await loadSpec(file, args.overrides);
  const plan = expandPlan(spec, {
    dataset: defaultDataset,
    engineFamily,
    weightsSha256: (alpha, resolution) => peekWeightsSha256(args.weightsDir, alpha, resolution),
  });
  return { plan, files: spec.files };
}
