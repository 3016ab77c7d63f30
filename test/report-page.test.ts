/** report.html as the program writes it: real trials, real images, while it runs and afterwards. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LoadedImages } from '../src/data/dataset.js';
import { datasetNamed } from '../src/data/datasets.js';
import { experiment, newFolder, readResult, runner, RunningRunner } from './command-line.js';

const side = 28;
const fashionMnist = datasetNamed('fashion-mnist');

interface Node {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Node>;
}

const pageOf = (text: string) => (parseHTML(text) as unknown as { document: Node }).document;
const all = (node: Node, selector: string): Node[] => [...node.querySelectorAll(selector)];

/** The grey levels of a picture in the page. */
async function pixelsOf(image: Node): Promise<Uint8Array> {
  const [, content] = /^data:image\/png;base64,(.*)$/.exec(image.getAttribute('src')!)!;
  const { data, info } = await sharp(Buffer.from(content!, 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Uint8Array.from({ length: info.width * info.height }, (_, pixel) => data[pixel * info.channels]!);
}

const imageOf = ({ images }: LoadedImages, index: number) =>
  images.subarray(index * side * side, (index + 1) * side * side);

const mirrored = (pixels: Uint8Array) =>
  pixels.map((_, at) => pixels[at - (at % side) + (side - 1 - (at % side))]!);

const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b));

let train: LoadedImages;
let onTest: LoadedImages;
beforeAll(async () => {
  const { directory } = await fashionMnist.find({ onProgress: () => {} });
  ({ train, test: onTest } = await fashionMnist.load(directory));
});

describe('after a run', () => {
  let folder: string;
  let text: string;
  let page: Node;
  beforeAll(async () => {
    folder = await newFolder(
      experiment({ augmentations: '{ none: [], flip: [{ horizontalFlip: {} }] }', seeds: '[2017]' }),
    );
    const { code, stderr } = await runner(folder, ['tiny.yaml']);
    expect(code).toBe(0);
    expect(stderr).toContain('Results: results/tiny\nReport: results/tiny/report.html\n');
    text = await readResult(folder, 'report.html');
    page = pageOf(text);
  }, 60_000);

  test('samples of an augmentation are what training makes of the images', async () => {
    const samples = await Promise.all(all(page, '#augmentations img').map(pixelsOf));
    expect(samples).toHaveLength(12);
    const first = (label: number) => train.labels.indexOf(label);
    const firsts = train.labels
      .slice(0, 1000)
      .map((_, index) => index)
      .filter((index) => first(train.labels[index]!) === index);
    const turned = samples.slice(0, 10).map((sample, place) => {
      const original = imageOf(train, firsts[place]!);
      if (isSame(sample, mirrored(original))) return true;
      expect(isSame(sample, original)).toBe(true);
      return false;
    });
    expect(new Set(turned)).toEqual(new Set([true, false]));
  });

  test('pictures are the images that they say they are', async () => {
    const stories = all(page, '#images .story');
    expect(stories.length).toBeGreaterThanOrEqual(24);
    for (const story of stories) {
      const index = Number(/image (\d+)/.exec(story.textContent)![1]);
      const [image] = all(story, 'img');
      expect(isSame(await pixelsOf(image!), imageOf(onTest, index))).toBe(true);
      expect(all(story, 'strong')[0]!.textContent).toBe(fashionMnist.classes[onTest.labels[index]!]);
    }
  });

  test('report writes the same page, also where neither the data nor the engine is', async () => {
    const env = { XDG_CACHE_HOME: join(folder, 'empty'), FASHION_MNIST_DIR: undefined };
    expect((await runner(folder, ['report', 'tiny.yaml'], { env })).code).toBe(0);
    expect(await readResult(folder, 'report.html')).toBe(text);
  });

  test('--open hands the page to the browser of the system, and says where it is if there is none', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const node = join(process.execPath, '..');
    const without = await runner(folder, ['report', 'tiny.yaml', '--open'], { env: { PATH: node } });
    expect(without.code).toBe(0);
    if (!/--open: no browser could be started/.test(without.stderr)) return; // one is beside node
    expect(without.stderr).toContain('Open results/tiny/report.html yourself');
    await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > '${join(folder, 'opened')}'\n`);
    await chmod(join(bin, 'xdg-open'), 0o755);
    const env = { PATH: [bin, process.env.PATH].join(delimiter) };
    expect((await runner(folder, ['report', 'tiny.yaml', '--open'], { env })).code).toBe(0);
    await expect
      .poll(() => readFile(join(folder, 'opened'), 'utf8').catch(() => null))
      .toBe('results/tiny/report.html');
  });
});

test('while trials are trained the page says so; when the run is interrupted, no longer, although nothing is finished', async () => {
  const folder = await newFolder(
    experiment({
      params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 100 }',
      data: '{ trainSubset: 5000 }',
    }),
  );
  const running = new RunningRunner(folder, ['tiny.yaml', '--set', 'seeds=[1, 2, 3, 4]']);
  const read = () => readResult(folder, 'report.html').catch(() => '');
  await expect.poll(read, { timeout: 30_000 }).toContain('data-running="20"');
  running.kill('SIGINT');
  expect((await running.result).code).toBe(130);
  const text = await read();
  expect(text).not.toContain('data-running');
  expect(text).toContain('8 trials of 8 not finished');
});
