/** "One file": another data set is planned, found, fetched, checked and read by what its facts say alone. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { datasetNamed, datasets, defaultDataset } from '../../src/data/datasets.js';
import { idxDataset, type IdxDatasetOptions } from '../../src/data/idx/idx-dataset.js';
import { describeProblem } from '../../src/diagnostics/problem.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { expandPlan } from '../../src/plan/expand-plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { serveFiles, type FileServer } from './file-server.js';
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
    expect([mean?.length ?? shape[2], deviation?.length ?? shape[2]]).toEqual([shape[2], shape[2]]);
    expect(mean === null).toBe(deviation === null);
    expect(new Set(classes).size).toBe(classes.length);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('knows them by name', () => {
    expect(datasetNamed('fashion-mnist')).toBe(defaultDataset);
    expect(() => datasetNamed('fashion')).toThrow(
      `Expected one of ${datasets.map(({ name }) => name).join(', ')}, got fashion`,
    );
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
    const names = ['coloured-tiles', ...datasets.map(({ name }) => name)].sort();
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
    if (/fashion/i.test(code)) knowing.push(file);
  }
  expect(knowing.sort()).toEqual([
    'data/datasets.ts', // the default
    'data/sets/fashion-mnist.ts',
    'params/definitions/dataset.ts', // the default
  ]);
});

test('no count, size, statistic or class of Fashion-MNIST stands where data, parameters, plans and training are made', async () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const rooms = [
    'data',
    'params',
    'plan',
    'spec',
    'model',
    'train',
    'engine',
    'augmentations',
    'report',
    'run',
    'trial',
  ];
  const files = (await readdir(source, { recursive: true })).filter(
    (file) =>
      /\.(ts|cc|h)$/.test(file) && rooms.includes(file.split('/')[0]!) && !file.startsWith('data/sets/'),
  );
  expect(files.length).toBeGreaterThan(100);
  const { classes, mean, deviation } = defaultDataset;
  const numbers = /\b(28|784|60_?000|70_?000|0\.286\d*|0\.353\d*)\b/;
  const found: string[] = [];
  for (const file of files) {
    const text = await readFile(join(source, file), 'utf8');
    const code = text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(?<=^|\s)\/\/.*$/gm, '');
    for (const line of code.split('\n'))
      if (numbers.test(line) || [...classes, ...mean!, ...deviation!].some((one) => line.includes(`${one}`)))
        found.push(`${file}: ${line.trim()}`);
  }
  expect(found.sort()).toEqual([
    'data/emnist/emnist-dataset.ts: const side = 28;', // of the letters
    'params/definitions/resolution.ts: examples: [28, 56],', // for people
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

  test('has no other labels than its classes', async () => {
    await tiles.write(folder);
    const labels = join(folder, 'train-labels-ubyte');
    const content = await readFile(labels);
    content[8 + 7] = 3;
    await writeFile(labels, content);
    expect(await textOf(() => coloredTiles.load(folder))).toContain(
      'because: the label of image 7 (the first is 0) is 3, expected 0 to 2',
    );
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
  let server: FileServer;
  let dataset: ReturnType<typeof idxDataset>;
  beforeEach(async () => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    server = await serveFiles(tiles.served());
    dataset = idxDataset({ ...tiles.options, upstream: [server.address] });
  });
  afterEach(() => server.close());

  test('puts what was checked into the cache, where it is found from then on', async () => {
    expect(dataset.peek()).toBeNull();
    const lines: string[] = [];
    const found = await dataset.find({ onProgress: (line) => void lines.push(line) });
    expect(found.source).toBe('upstream');
    expect(basename(found.directory)).toBe('coloured-tiles');
    expect(lines[0]).toMatch(/^Downloading Coloured tiles from 127\.0\.0\.1:\d+$/);
    server.files.clear();
    expect(await dataset.find({ onProgress })).toEqual({ directory: found.directory, source: 'cache' });
    await dataset.verify(found.directory);
    expect((await readdir(found.directory)).sort()).toEqual(
      ['test-images-ubyte', 'test-labels-ubyte', 'train-images-ubyte', 'train-labels-ubyte'], // unpacked
    );
  });

  test('tries the addresses in turn, and starts anew with each', async () => {
    const [, ...others] = tiles.served();
    const half = await serveFiles(new Map(others));
    onTestFinished(() => half.close());
    const lines: string[] = [];
    const twice = idxDataset({ ...tiles.options, upstream: [half.address, server.address] });
    const found = await twice.find({ onProgress: (line) => void lines.push(line) });
    expect(lines).toEqual([half, server].map(({ host }) => `Downloading Coloured tiles from ${host}`));
    await twice.verify(found.directory);
  });

  test('takes nothing that is damaged, or not there, and says where it looked and what to do', async () => {
    const [address, content] = [...server.files][0]!;
    server.files.set(address, Buffer.concat([content, content]));
    const hashes = Object.values(tiles.options.files).map((file) => ('sha256' in file ? file.sha256 : ''));
    const text = (await textOf(() => dataset.find({ onProgress }))).replaceAll(server.host, 'HOST');
    expect(text).toBe(`error[data-not-found]: Coloured tiles was not found and could not be downloaded
  = tried: FOLDER/cache/classifier-sweep-runner/coloured-tiles: not there
  = tried: http://HOST: it unpacks to more than 432020 bytes
  = file: \`train-images-ubyte.gz\`, unpacked 432020 bytes, SHA-256 ${hashes[0]}
  = file: \`train-labels-ubyte.gz\`, unpacked 308 bytes, SHA-256 ${hashes[1]}
  = file: \`test-images-ubyte.gz\`, unpacked 86420 bytes, SHA-256 ${hashes[2]}
  = file: \`test-labels-ubyte.gz\`, unpacked 68 bytes, SHA-256 ${hashes[3]}
  = next: download its four IDX files elsewhere, into \`FOLDER/cache/classifier-sweep-runner/coloured-tiles\` or a folder that COLOURED_TILES_DIR or \`--data-dir\` names`);
    server.files.delete(address);
    expect(await textOf(() => dataset.find({ onProgress }))).toContain('HTTP 404');
    expect(dataset.peek()).toBeNull();
  });

  test('what is put into the cache by hand is found there and unpacked, if it is right', async () => {
    const cached = join(folder, 'cache/classifier-sweep-runner/coloured-tiles');
    await mkdir(cached, { recursive: true });
    for (const [name, content] of tiles.served()) await writeFile(join(cached, name), content);
    expect(await dataset.find({ onProgress })).toEqual({ directory: cached, source: 'cache' });
    expect((await readdir(cached)).some((name) => name.endsWith('.gz'))).toBe(false);
    await dataset.verify(cached);
  });
});

describe('files whose contents have no known hash', () => {
  const gzipped = (upstream: readonly string[] = []) => {
    const served = tiles.served();
    const fileOf = ([part, { name }]: [string, { name: string }]) => {
      const content = served.get(`${name}.gz`)!;
      const sha256 = createHash('sha256').update(content).digest('hex');
      return [part, { name: `${name}.gz`, gzip: { bytes: content.length, sha256 } }];
    };
    const files = Object.fromEntries(Object.entries(tiles.options.files).map(fileOf)) as unknown;
    const options = { ...tiles.options, files: files as IdxDatasetOptions['files'], upstream };
    return { served, dataset: idxDataset(options) };
  };

  test('are taken as they are published, and checked so', async () => {
    const { served, dataset } = gzipped();
    for (const [name, content] of served) await writeFile(join(folder, name), content);
    await dataset.verify(folder);
    const { train } = await dataset.load(folder);
    expect(Buffer.compare(train.images, tiles.values.trainImages)).toBe(0);
    expect(dataset.sha256).not.toBe(coloredTiles.sha256);
    // Packed anew, the same content is another file, which nobody can vouch for.
    const name = 'train-labels-ubyte.gz';
    const again = gzipSync(gunzipSync(served.get(name)!), { level: 0 });
    await writeFile(join(folder, name), again);
    expect(await textOf(() => dataset.verify(folder))).toContain(
      `is not a file of Coloured tiles\n  = because: it has ${again.length} bytes, expected ${served.get(name)!.length}`,
    );
    const damaged = Buffer.from(served.get(name)!);
    damaged[20]! ^= 1;
    await writeFile(join(folder, name), damaged);
    expect(await textOf(() => dataset.verify(folder))).toMatch(
      /because: it has the SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}/,
    );
  });

  test('and plain files do not stand for them, nor hide them', async () => {
    const { served, dataset } = gzipped();
    await tiles.write(folder);
    expect(await textOf(() => dataset.find({ dataDir: folder, onProgress }))).toContain(
      'missing: train-images-ubyte.gz, train-labels-ubyte.gz',
    );
    for (const [name, content] of served) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'train-labels-ubyte'), 'something else');
    await dataset.verify(folder);
    expect([...(await dataset.load(folder)).train.labels]).toEqual([...tiles.values.trainLabels]);
  });

  test('are fetched and left as they are', async () => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const server = await serveFiles(tiles.served());
    onTestFinished(() => server.close());
    const { served, dataset } = gzipped([server.address]);
    const { directory } = await dataset.find({ onProgress });
    expect((await readdir(directory)).sort()).toEqual([...served.keys()].sort());
  });
});
