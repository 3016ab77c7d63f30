/** "One file": another data set is planned, found, fetched, checked and read by what its facts say alone. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { datasetNamed, datasets, defaultDataset } from '../../src/data/datasets.js';
import { idxDataset } from '../../src/data/idx/idx-dataset.js';
import { describeProblem } from '../../src/diagnostics/problem.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { expandPlan } from '../../src/plan/expand-plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { Tiles } from './tiles.js';

const tiles = new Tiles('coloured-tiles', 'Coloured tiles', [20, 24, 3]);
const coloredTiles = idxDataset(tiles.options);

const onProgress = () => {};
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'runner-datasets-'))));
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** What a user reads of the error. */
async function textOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    return error.problems.map(describeProblem).join('\n').replaceAll(folder, 'FOLDER');
  }
  return expect.unreachable('nothing failed');
}

describe('the registry', () => {
  test('has every file of the folder, each named after its data set', async () => {
    const files = await readdir(new URL('../../src/data/sets/', import.meta.url));
    expect(datasets.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
    expect(new Set(datasets.map(({ name }) => name)).size).toBe(datasets.length);
    expect(new Set(datasets.map(({ sha256 }) => sha256)).size).toBe(datasets.length);
  });

  test.each(datasets)('$name: its facts fit each other', ({ shape, classes, mean, deviation, sha256 }) => {
    expect([mean.length, deviation.length]).toEqual([shape[2], shape[2]]);
    expect(new Set(classes).size).toBe(classes.length);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('knows them by name', () => {
    expect(datasetNamed('fashion-mnist')).toBe(defaultDataset);
    expect(() => datasetNamed('fashion')).toThrow('Expected one of fashion-mnist, got fashion');
  });

  test('a file that is added to the folder is a data set, with no list to edit', async () => {
    const built = fileURLToPath(new URL('../../dist/', import.meta.url));
    for (const room of ['data', 'system', 'diagnostics'])
      await cp(join(built, room), join(folder, room), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const facts = JSON.stringify(tiles.options);
    const text = `import { idxDataset } from '../idx/idx-dataset.js';\nexport default idxDataset(${facts});\n`;
    await writeFile(join(folder, 'data/sets/coloured-tiles.js'), text);
    const registry = JSON.stringify(pathToFileURL(join(folder, 'data/datasets.js')).href);
    const script = `
      const { datasets, datasetNamed, defaultDataset } = await import(${registry});
      const { sha256 } = datasetNamed('coloured-tiles');
      console.log(JSON.stringify([datasets.map(({ name }) => name), sha256, defaultDataset.name]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const names = ['coloured-tiles', ...datasets.map(({ name }) => name)];
    expect(JSON.parse(stdout)).toEqual([names, coloredTiles.sha256, defaultDataset.name]);
  });
});

test('nothing else in the program knows Fashion-MNIST', async () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const knowing: string[] = [];
  for (const file of files) {
    const text = await readFile(join(source, file), 'utf8');
    const code = text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(?<=^|\s)\/\/.*$/gm, '');
    if (/mnist/i.test(code)) knowing.push(file);
  }
  expect(knowing.sort()).toEqual([
    'data/datasets.ts', // the default
    'data/sets/fashion-mnist.ts',
    'params/definitions/dataset.ts', // the default
  ]);
});

describe('another data set', () => {
  const plan = async (text: string) => {
    const file = join(folder, 'sweep.yaml');
    await writeFile(file, `name: tiles\nparams: { weights: none, resolution: 24, batchSize: 20 }\n${text}`);
    const context = { weightsSha256: () => null, datasets: () => coloredTiles, engineFamily: 'tensorflow' };
    return expandPlan(await loadSpec(file, []), context);
  };

  test('is planned: the training subset and the identity are its own', async () => {
    const { trials } = await plan('data: { validation: { holdout: 40 } }');
    expect(trials.map(({ params }) => params.trainSubset)).toEqual([260]);
    expect(trials.map(({ context }) => context.dataSha256)).toEqual([coloredTiles.sha256]);
    expect((await plan('')).trials[0]!.params.trainSubset).toBe(300);
  });

  test('has as many images as it says, no more: all problems in the order of the file', async () => {
    const text = await textOf(() => plan('matrix: { trainSubset: [100, 301], batchSize: [32, 200] }'));
    expect(text)
      .toBe(`error[subset-too-large]: a training subset of 301 images is larger than the training set
 ┌─ FOLDER/sweep.yaml:3:30
3 │ matrix: { trainSubset: [100, 301], batchSize: [32, 200] }
  │                              ^^^ must be at most 300
  = note: Coloured tiles has 300 training images
error[batch-too-large]: a batch of 200 images is larger than the training subset
 ┌─ FOLDER/sweep.yaml:3:52
3 │ matrix: { trainSubset: [100, 301], batchSize: [32, 200] }
  │                                                    ^^^ must be at most 100, the value of \`trainSubset\``);
    expect(await textOf(() => plan('data: { trainSubset: 280, validation: { holdout: 40 } }'))).toContain(
      'at most 260 with this holdout\n  = note: 280 + 40 = 320 images, and the training set has 300',
    );
    expect(await textOf(() => plan('data: { validation: { holdout: 300 } }'))).toContain(
      'a holdout of 300 images leaves nothing to train on',
    );
  });

  test('is found, checked and read, colours and all', async () => {
    await tiles.write(folder);
    vi.stubEnv('COLOURED_TILES_DIR', folder);
    expect(coloredTiles.peek()).toEqual({ directory: folder, source: 'COLOURED_TILES_DIR' });
    await coloredTiles.verify(folder);
    const { train, test: tests } = await coloredTiles.load(folder);
    expect(train.images.length).toBe(300 * 20 * 24 * 3);
    expect(Buffer.compare(train.images, tiles.values.trainImages)).toBe(0);
    expect([...train.labels]).toEqual([...tiles.values.trainLabels]);
    expect(Buffer.compare(tests.images, tiles.values.testImages)).toBe(0);
    expect([...tests.labels]).toEqual([...tiles.values.testLabels]);
  });

  test('is named by its own name where it is damaged, or lacks a file', async () => {
    await tiles.write(folder);
    const labels = join(folder, 'train-labels-ubyte');
    const content = await readFile(labels);
    content[8]! ^= 1;
    await writeFile(labels, content);
    expect(await textOf(() => coloredTiles.verify(folder))).toContain(
      'error[data-corrupt]: `FOLDER/train-labels-ubyte` is not a file of Coloured tiles',
    );
    await rm(labels);
    expect(await textOf(() => coloredTiles.find({ dataDir: folder, onProgress }))).toContain(
      '--data-dir names `FOLDER`, which does not hold Coloured tiles',
    );
  });
});

describe('fetching', () => {
  let server: Server;
  let served: Map<string, Buffer>;
  let dataset: ReturnType<typeof idxDataset>;
  beforeEach(async () => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    served = tiles.served();
    server = createServer((request, response) => {
      const content = served.get(request.url!);
      if (content) response.end(content);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    dataset = idxDataset({ ...tiles.options, upstream: `http://127.0.0.1:${port}` });
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('puts what was checked into the cache, where it is found from then on', async () => {
    expect(dataset.peek()).toBeNull();
    const lines: string[] = [];
    const found = await dataset.find({ onProgress: (line) => void lines.push(line) });
    expect(found.source).toBe('upstream');
    expect(basename(found.directory)).toBe('coloured-tiles');
    expect(lines[0]).toMatch(/^Downloading Coloured tiles from 127\.0\.0\.1:\d+$/);
    served.clear();
    expect(await dataset.find({ onProgress })).toEqual({ directory: found.directory, source: 'cache' });
    await dataset.verify(found.directory);
  });

  test('takes nothing that is damaged, or not there, and says where it looked and what to do', async () => {
    const [address, content] = [...served][0]!;
    served.set(address, Buffer.concat([content, content]));
    const text = (await textOf(() => dataset.find({ onProgress }))).replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
    expect(text).toBe(`error[data-not-found]: Coloured tiles was not found and could not be downloaded
  = tried: FOLDER/cache/classifier-sweep-runner/coloured-tiles: not there
  = tried: http://HOST: it unpacks to more than 432020 bytes
  = next: copy its four IDX files into a folder and pass \`--data-dir <folder>\``);
    served.delete(address);
    expect(await textOf(() => dataset.find({ onProgress }))).toContain('HTTP 404');
    expect(dataset.peek()).toBeNull();
  });
});
