/** Surroundings that are not those of a developer's machine: the results are the same. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { experiment, figures, newFolder, runner, type RunnerOptions } from '../command-line.js';
import { RunnerInTerminal } from '../terminal.js';

const yaml = experiment({ seeds: '[2017]', compare: '{ baseline: { augmentation: none } }' });

let usual: string[][];
beforeAll(async () => {
  const folder = await newFolder(yaml);
  expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
  usual = await figures(folder);
});

/** Runs in a new folder, and expects the usual results. */
async function expectUsual(options: RunnerOptions, ...flags: string[]): Promise<string> {
  const folder = await newFolder(yaml);
  const { code, stderr, stdout } = await runner(folder, ['tiny.yaml', ...flags], options);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  expect(await figures(folder)).toEqual(usual);
  return stdout;
}

test('a language whose decimals have commas', async () => {
  const locale = { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8', LC_NUMERIC: 'de_DE.UTF-8' };
  expect(await expectUsual({ env: locale })).toMatch(/ 0\.\d{4} /);
});

test('a time zone and a calendar far away', async () => {
  await expectUsual({ env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'ar_SA.UTF-8' } });
});

test('no home: the cache is in the folder for temporary files', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'runner-no-home-'));
  const cache = join(temporary, `classifier-sweep-runner-${process.getuid!()}`);
  mkdirSync(cache);
  // What would be downloaded again is linked; the binding is compiled into the new cache.
  for (const name of readdirSync(cacheDirectory()))
    if (!name.startsWith('engine')) symlinkSync(join(cacheDirectory(), name), join(cache, name));
  await expectUsual({ env: { HOME: undefined, XDG_CACHE_HOME: undefined, TMPDIR: temporary } });
  expect(readdirSync(cache).some((name) => name.startsWith('engine-'))).toBe(true);
  rmSync(temporary, { recursive: true });
});

test('a clock that is set back an hour again and again, for the runner and the trials', async () => {
  const folder = await newFolder();
  const clock = join(folder, 'clock.mjs');
  writeFileSync(
    clock,
    `const now = Date.now;
let looks = 0;
Date.now = () => now() - 3_600_000 * Math.floor(looks++ / 10);
const RealDate = Date;
globalThis.Date = new Proxy(RealDate, { construct: (of, args) => new of(...(args.length ? args : [RealDate.now()])) });`,
  );
  await expectUsual({ env: { NODE_OPTIONS: `--import "${clock}"` } });
});

test('a reader that has gone, as behind `| head -1`, ends no run', async () => {
  const folder = await newFolder(yaml);
  const head = ['bash', '-c', '"$@" 2>&1 | head -1; exit ${PIPESTATUS[0]}', 'bash'];
  const { code, stdout } = await runner(folder, ['tiny.yaml'], { through: head });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(0);
  expect(await figures(folder)).toEqual(usual);
});

/** Memory as a file system, where Linux has it. */
const other = '/dev/shm';
const isOther =
  spawnSync('test', ['-d', other, '-a', '-w', other]).status === 0 &&
  statfsSync(other).type !== statfsSync('/tmp').type;
test.skipIf(!isOther)('results on another file system', async () => {
  const results = await mkdtemp(join(other, 'runner results ß-'));
  const folder = await newFolder(yaml);
  expect((await runner(folder, ['tiny.yaml', '--results-dir', results])).code).toBe(0);
  expect(await figures('', results)).toEqual(usual);
  rmSync(results, { recursive: true });
});

test('a terminal with a live board', async () => {
  const folder = await newFolder(yaml);
  const terminal = new RunnerInTerminal(folder, ['tiny.yaml'], { columns: 80, rows: 24 });
  expect((await terminal.result).code).toBe(0);
  expect(terminal.written).toContain('\x1b[?25l');
  expect(await figures(folder)).toEqual(usual);
});
