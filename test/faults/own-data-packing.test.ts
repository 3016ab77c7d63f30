/** Decoding one's own images, through the whole program: Ctrl-C, a full disk, several runners that need one pack. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openOwnDataset } from '../../src/data/own/open-own-dataset.js';
import { packDirectory } from '../../src/data/pack/pack.js';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { experiment, figures, newFolder, runner, RunningRunner } from '../command-line.js';
import { entryOf } from '../data/own/image-folder.js';

/** 80 flat images of four million pixels: small files that take long to decode. */
const photos = realpathSync(mkdtempSync(join(tmpdir(), 'runner-photos-')));
const pack = { side: 32, fit: 'crop' } as const;
/** SHA-256 of the data set. */
let sha256: string;
/** What a run comes to that nothing disturbs. */
let usual: string[][];

beforeAll(async () => {
  for (const name of ['dark', 'light']) mkdirSync(join(photos, name));
  for (let number = 0; number < 80; number++) {
    const background = { r: number, g: number % 2 === 0 ? 20 : 200, b: 0 };
    const image = sharp({ create: { width: 2000, height: 2000, channels: 3, background } });
    await image.png().toFile(join(photos, number % 2 === 0 ? 'dark' : 'light', `${number}.png`));
  }
  ({ sha256 } = await openOwnDataset(entryOf(photos), () => {}));
  const folder = await prepare();
  expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
  usual = await figures(folder);
});
beforeEach(() => rmSync(packDirectory(sha256, pack), { recursive: true, force: true }));
const folders = [photos];
afterAll(() => {
  for (const folder of [...folders, packDirectory(sha256, pack)])
    rmSync(folder, { recursive: true, force: true });
});

/** A working folder with an experiment of one trial on the photos, and no pack of them. */
async function prepare(entry = `{ folder: ${photos} }`): Promise<string> {
  const folder = await newFolder(
    experiment({
      datasets: `{ photos: ${entry} }`,
      params: '{ dataset: photos, alpha: 0.25, weights: none, resolution: 32, epochs: 1, batchSize: 16 }',
      augmentations: '{ none: [] }',
      matrix: '{ augmentation: [none] }',
      seeds: '[2017]',
      data: '{}',
    }),
  );
  folders.push(folder);
  return folder;
}

/** The lock under which they are decoded, and what is beside it while it is taken and released. */
const locks = (cache = cacheDirectory()) =>
  readdirSync(cache).filter((name) => name.startsWith(`data-${sha256.slice(0, 16)}.lock`));

/** Waits until images of the first part are in its file. */
async function decoding(cache = cacheDirectory()): Promise<void> {
  for (;;) {
    for (const file of locks(cache).flatMap((name) => filesIn(join(cache, name))))
      if (file.endsWith('/pack/train.images') && blocksOf(file) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const blocksOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.blocks ?? 0;

/** All files at any depth; none where the folder is gone this moment. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** No process and nothing half-made is left, and there is no pack. */
function expectNothing(pid: number): void {
  expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
  expect(locks()).toEqual([]);
  expect(existsSync(packDirectory(sha256, pack))).toBe(false);
}

/** The same command comes to the usual end. */
async function expectUsual(folder: string, ...args: string[]): Promise<void> {
  expect((await runner(folder, ['tiny.yaml', ...args])).code).toBe(0);
  expect(await figures(folder, args[1])).toEqual(usual);
}

test.each(['the whole group, as a terminal does', 'the runner alone'])(
  'Ctrl-C to %s: exit code 130, no process and nothing half-made is left, and the next run goes on',
  async (whom) => {
    const folder = await prepare();
    const run = new RunningRunner(folder, ['tiny.yaml']);
    await decoding();
    if (whom === 'the runner alone') run.kill('SIGINT');
    else run.killGroup('SIGINT');
    const { code, signal, stderr } = await run.result;
    expect([code, signal]).toEqual([130, null]);
    expect(stderr).not.toContain('error');
    expectNothing(run.pid);
    expect(existsSync(join(folder, 'results/tiny/journal.jsonl'))).toBe(false);
    await expectUsual(folder);
  },
);

describe('two runners that need one pack', () => {
  /** The first is stopped while it decodes, and the second waits for it. */
  async function stopFirst() {
    const folder = await prepare();
    const first = new RunningRunner(folder, ['tiny.yaml', '--results-dir', 'first']);
    await decoding();
    first.kill('SIGSTOP');
    const second = new RunningRunner(folder, ['tiny.yaml', '--results-dir', 'second']);
    await second.said(
      new RegExp(`^Another process \\(${first.pid}\\) is decoding photos; waiting for it$`, 'm'),
    );
    return { folder, first, second };
  }

  test('both end well, and one decodes', async () => {
    const { folder, first, second } = await stopFirst();
    first.kill('SIGCONT');
    const [one, other] = await Promise.all([first.result, second.result]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(one.stderr).toContain('Decoding photos at 32 pixels: ');
    expect(other.stderr).not.toContain('Decoding');
    expect(locks()).toEqual([]);
    for (const results of ['first', 'second']) expect(await figures(folder, results)).toEqual(usual);
  });

  test('the first is killed: the second decodes, and uses nothing that the first had made', async () => {
    const { folder, first, second } = await stopFirst();
    first.killGroup('SIGKILL');
    expect((await first.result).signal).toBe('SIGKILL');
    expect((await second.result).code).toBe(0);
    expect(locks()).toEqual([]);
    expect(await figures(folder, 'second')).toEqual(usual);
  });
});

test('a pack’s file that may grow no further: the disk’s error, no pack, and the next run goes on', async () => {
  const folder = await prepare();
  // Less than the training images' 196,608 bytes. Without the signal, writing fails as on a full disk.
  const bounded = ['bash', '-c', 'trap "" XFSZ; ulimit -f 128; exec "$@"', 'bash'];
  const run = new RunningRunner(folder, ['tiny.yaml'], { through: bounded });
  const { code, stderr } = await run.result;
  expect(code).toBe(2);
  expect(stderr).toContain('error[cache-unusable]: ');
  expect(stderr).toContain('EFBIG: file too large');
  expectNothing(run.pid);
  await expectUsual(folder);
});

/** A file system of 4 MB of its own, which root may mount. */
const disk = mkdtempSync(join(tmpdir(), 'runner-cache-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', ['--lazy', disk]);
  rmSync(disk, { recursive: true });
});

// Without root, test/data/pack/decode-files.test.ts shows what a process that decodes says of a full disk.
test.skipIf(!isMounted)(
  'a disk that is full while images are decoded is the disk’s error, no image’s',
  async () => {
    // For this program alone, the disk is in the place of the cache, with the engine of the cache in it.
    const cache = cacheDirectory();
    const real = mkdtempSync(join(tmpdir(), 'runner-cache-'));
    folders.push(real);
    for (const name of readdirSync(cache))
      if (/^(engine|libtensorflow)-/.test(name)) symlinkSync(join(real, name), join(disk, name));
    const mounts = 'mount --bind "$1" "$2" && mount --bind "$3" "$1" && shift 3 && exec "$@"';
    const onDisk = { through: ['unshare', '--mount', 'bash', '-c', mounts, 'bash', cache, real, disk] };
    const folder = await prepare(`{ folder: ${photos}, badImages: skip }`);
    const run = new RunningRunner(folder, ['tiny.yaml'], onDisk);
    await decoding(disk);
    const filler = join(disk, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']); // until there is no space left
    const { code, stderr } = await run.result;
    expect(code).toBe(2);
    expect(stderr).toContain('error[cache-unusable]: ');
    expect(stderr).toContain('ENOSPC: no space left on device');
    expectNothing(run.pid);
    expect(locks(disk)).toEqual([]);
    expect(existsSync(join(disk, 'data/packs'))).toBe(false);
    rmSync(filler);
    const next = await runner(folder, ['tiny.yaml'], onDisk);
    expect([next.code, next.stderr]).toEqual([0, expect.not.stringContaining('left out')]);
    expect(readdirSync(join(disk, 'data/packs'))).toHaveLength(1);
    expect(await figures(folder)).toEqual(usual);
  },
);
