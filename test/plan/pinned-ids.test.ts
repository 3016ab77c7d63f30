/** Ids of trials that users may have finished: a change here abandons them. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { datasetNamed, datasetNames } from '../../src/data/datasets.js';
import { parseArguments } from '../../src/commands/arguments.js';
import { openDatasets } from '../../src/commands/open-datasets.js';
import { expandPlan } from '../../src/plan/expand-plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { drawClasses, writeImages } from '../data/own/image-folder.js';

/** The last seed that the shipped experiments had before their designs ran until decided. */
const lastSeed = 2022;

/** The ids of a plan up to that seed, in their order, as one SHA-256. */
async function hashIds(path: string): Promise<string> {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const { trials } = expandPlan(await loadSpec(file, [], datasetNames), {
    datasets: datasetNamed,
    engineFamily: 'tensorflow',
    weightsSha256: () => null,
  });
  return createHash('sha256')
    .update(
      trials
        .filter(({ seed }) => seed <= lastSeed)
        .map(({ id }) => id)
        .join('\n'),
    )
    .digest('hex');
}

const pinned: readonly (readonly [path: string, ids: string])[] = [
  ['experiments/flip-vs-mask.yaml', 'fbfff2d3478a80328e1a145c1a4ef0dfcf91533a1877134a6386103c04820ba3'],
  ['experiments/flip-vs-mask-small.yaml', '4d2818393be4c8d2b371b161cc041816db4a616fc4c667f42515566ad3474621'],
  ['experiments/quickstart.yaml', '330cd11fa67eb98d4bbf16db63162e0491b6e420fadbe225697929c2afb690fa'],
  ['experiments/dropout.yaml', 'f17e52beb8b8709a90fa59810ae90d47394331b79eeb757f6607c3de8da33870'],
  ['experiments/resolution.yaml', '9eb51c2f33c2f90e0c37f3ecb4659e70cf9e8d0e5141340e6f0921c201a85937'],
  [
    'experiments/flip-vs-mask-quarter.yaml',
    'c7b7ba6c679027ee4e5ea29a36735abb04ba22403cfb0effd72d7cb25d37a2e5',
  ],
  ['experiments/larger-images.yaml', '89faf98ae333b5338b6464684249cc48a700e003de01d5ebf1069f4311a6c5b9'],
  [
    'experiments/flip-on-three-data-sets.yaml',
    '8dd6ab927b0d29f21807483204d4ff63725a7654a5ce4ab652d43b570d3fa8ff',
  ],
  ['test/fixtures/identity.yaml', '0eaa1a4da9bee51279bda39e6435f9cfea39f245b85dcb02f89df6884693642b'],
];

test('every shipped experiment is pinned', () => {
  const shipped = readdirSync(fileURLToPath(new URL('../../experiments/', import.meta.url)));
  const ofOwnImages = ['own-images.yaml']; // their ids follow from somebody's photos
  expect([...pinned.map(([path]) => path), ...ofOwnImages.map((name) => `experiments/${name}`)]).toEqual(
    expect.arrayContaining(shipped.map((name) => `experiments/${name}`)),
  );
});

test('own-images.yaml asks its question of any folder of images', async () => {
  const folder = writeImages(await drawClasses({ daisies: 40, roses: 40 }));
  const file = fileURLToPath(new URL('../../experiments/own-images.yaml', import.meta.url));
  const spec = await loadSpec(file, [`datasets.photos.folder=${folder}`], datasetNames);
  const { factsOf } = await openDatasets(spec, parseArguments(['plan', file, '--quiet']));
  const plan = expandPlan(spec, { datasets: factsOf, engineFamily: 'tensorflow', weightsSha256: () => null });
  expect(plan.cells.map(({ params, data }) => [params.trainSubset, data.validation])).toEqual([
    [64, { holdout: 16 }],
    [64, { holdout: 16 }],
  ]);
});

test.each(pinned)('%s has the ids that earlier versions gave it', async (path, ids) => {
  expect(await hashIds(path)).toBe(ids);
});
