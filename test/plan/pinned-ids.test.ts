/** Ids of trials that users may have finished: a change here abandons them. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { defaultDataset } from '../../src/data/datasets.js';
import { expandPlan } from '../../src/plan/expand-plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';

/** All ids of a plan in their order, as one SHA-256. */
async function hashIds(path: string): Promise<string> {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const { trials } = expandPlan(await loadSpec(file, []), {
    dataset: defaultDataset,
    engineFamily: 'tensorflow',
    weightsSha256: () => null,
  });
  return createHash('sha256')
    .update(trials.map(({ id }) => id).join('\n'))
    .digest('hex');
}

test.each([
  ['experiments/flip-vs-mask.yaml', 'fbfff2d3478a80328e1a145c1a4ef0dfcf91533a1877134a6386103c04820ba3'],
  ['experiments/flip-vs-mask-small.yaml', '4d2818393be4c8d2b371b161cc041816db4a616fc4c667f42515566ad3474621'],
  ['test/fixtures/identity.yaml', '0eaa1a4da9bee51279bda39e6435f9cfea39f245b85dcb02f89df6884693642b'],
])('%s has the ids that version 0.1.0 gave it', async (path, ids) => {
  expect(await hashIds(path)).toBe(ids);
});
