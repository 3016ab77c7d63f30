import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { detectMachine } from '../../src/provision/detect-machine.js';
import { downloadedLibrary } from '../../src/engines/tensorflow/libtensorflow.js';
import {
  locateEngine,
  type EngineLocation,
  type ProvisionedEngine,
} from '../../src/provision/provision-engine.js';

// The library that global-setup has put into the user's cache stands for one that the user gives, and the binding
// that it compiled for what a compiler makes: nothing is downloaded or compiled here but where it says so.
const library = downloadedLibrary('cpu').directory;
const script = `
  const { provisionEngine } = await import(${JSON.stringify(fileURLToPath(new URL('../../dist/provision/provision-engine.js', import.meta.url)))});
  const engine = await provisionEngine({ engine: 'cpu', onProgress: (line) => console.error(line) })
    .catch((error) => ({ problems: error.problems ?? [String(error.stack)] }));
  console.log(JSON.stringify(engine));
`;

const locate = async (): Promise<EngineLocation> =>
  locateEngine(await detectMachine(), { engine: 'cpu', libtensorflow: undefined });

let cache: string;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'runner-provision-'));
  // A compiler that begins its work when the test lets it, by making the file `go`.
  const compiler = join(cache, 'compiler');
  const binding = (await locate()).bindingPath;
  const steps = [
    '#!/bin/sh',
    '[ "$1" = --version ] && exit',
    `until [ -e ${cache}/go ]; do [ -d ${cache} ] || exit 1; sleep 0.02; done`,
    'while [ "$1" != -o ]; do shift; done',
    `cp ${binding} "$2"`,
  ];
  await writeFile(compiler, steps.join('\n'), { mode: 0o755 });
  environment = { ...process.env, XDG_CACHE_HOME: cache, RUNNER_LIBTENSORFLOW: library, CXX: compiler };
});
afterEach(() => rm(cache, { recursive: true, force: true }));

class Provisioning {
  readonly lines: string[] = [];
  private output = '';
  readonly process: ChildProcess;

  constructor(overrides: NodeJS.ProcessEnv = {}) {
    this.process = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...environment, ...overrides },
    });
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.lines.push(...text.trim().split('\n'));
      this.process.emit('line');
    });
  }

  async said(pattern: RegExp): Promise<void> {
    while (!this.lines.some((line) => pattern.test(line))) await once(this.process, 'line');
  }

  async result(): Promise<ProvisionedEngine & { problems?: { reason: string }[] }> {
    await once(this.process, 'close');
    return JSON.parse(this.output) as ProvisionedEngine;
  }
}

test('two processes at once, one of them killed half-way: the other takes over, a third waits', async () => {
  const killed = new Provisioning();
  await killed.said(/^Compiling/);
  const second = new Provisioning();
  await second.said(/^Another process/);
  killed.process.kill('SIGKILL');
  await second.said(/^Compiling/);
  const third = new Provisioning();
  await third.said(/^Another process/);
  await writeFile(join(cache, 'go'), '');

  const [a, b] = await Promise.all([second.result(), third.result()]);
  expect(a).toEqual(b);
  expect(a).toMatchObject({
    family: 'tensorflow',
    build: 'cpu',
    why: '--engine cpu',
    tensorflowVersion: '2.21.0',
  });
  expect(a.devices).toMatchObject({ kind: 'cpu' });
  expect(third.lines.join()).not.toMatch(/Compiling the binding/);
  const left = await readdir(join(cache, 'classifier-sweep-runner'));
  expect(left).toEqual([expect.stringMatching(/^engine-given-cpu-/)]);

  const again = new Provisioning();
  expect(await again.result()).toEqual(a);
  expect(again.lines).toEqual([]);

  // A part that was damaged later is noticed by its size, and made again.
  await truncate(a.bindingPath, 1000);
  const repaired = new Provisioning();
  expect(await repaired.result()).toEqual(a);
  expect(repaired.lines.join()).toMatch(/Compiling the binding/);
});

test.each([
  { reason: 'missing-compiler', overrides: { CXX: '/nowhere/c++' } },
  { reason: 'engine-compile-failed', overrides: { RUNNER_LIBTENSORFLOW: 'broken-headers', CXX: '' } },
  { reason: 'bad-libtensorflow', overrides: { RUNNER_LIBTENSORFLOW: '/nowhere' } },
  { reason: 'missing-python', overrides: { RUNNER_LIBTENSORFLOW: '', PATH: '/nowhere' } },
  {
    reason: 'engine-download-failed',
    overrides: {
      RUNNER_LIBTENSORFLOW: '',
      PIP_NO_INDEX: '1',
      PIP_CONFIG_FILE: '/dev/null',
      PIP_FIND_LINKS: '',
    },
  },
  { reason: 'cache-unusable', overrides: { XDG_CACHE_HOME: '/dev/null' } },
])('$reason is reported, and leaves nothing behind', async ({ reason, overrides }) => {
  if (overrides.RUNNER_LIBTENSORFLOW === 'broken-headers') {
    overrides.RUNNER_LIBTENSORFLOW = join(cache, 'broken-headers');
    await cp(join(library, 'include'), join(overrides.RUNNER_LIBTENSORFLOW, 'include'), { recursive: true });
    await writeFile(join(overrides.RUNNER_LIBTENSORFLOW, 'include/tensorflow/c/c_api.h'), '#error broken\n');
    spawnSync('ln', ['-s', join(library, 'lib'), join(overrides.RUNNER_LIBTENSORFLOW, 'lib')]);
  }
  const { problems } = await new Provisioning(overrides).result();
  expect(problems).toEqual([expect.objectContaining({ kind: 'environment', reason })]);
  const left = await readdir(join(cache, 'classifier-sweep-runner')).catch(() => []);
  expect(left).toEqual([]);
});

test('the engine of the user’s cache is opened without a word', async () => {
  const engine = new Provisioning({ XDG_CACHE_HOME: process.env.XDG_CACHE_HOME, RUNNER_LIBTENSORFLOW: '' });
  expect((await engine.result()).bindingPath).toContain(cacheDirectory());
  expect(engine.lines).toEqual([]);
});

test.each([
  {
    reason: 'missing-pip',
    steps: ['echo "/usr/bin/python3: No module named pip" >&2', 'exit 1'],
    details: { python: 'python3', output: '/usr/bin/python3: No module named pip\n' },
  },
  {
    reason: 'engine-checksum',
    steps: ['while [ "$1" != --dest ]; do shift; done', 'echo boots > "$2/tensorflow_cpu-2.21.0-x.whl"'],
    details: { file: 'tensorflow_cpu-2.21.0-x.whl', expected: expect.stringMatching(/^2b847d/) as string },
  },
  {
    reason: 'engine-checksum',
    steps: ['while [ "$1" != --dest ]; do shift; done', 'echo boots > "$2/boots-2.21.0-x.whl"'],
    details: { file: 'boots-2.21.0-x.whl', expected: 'that of a wheel of this build' },
  },
])('$reason is reported, and leaves nothing behind', async ({ reason, steps, details }) => {
  const python = ['#!/bin/sh', '[ "$1" = -c ] && exit', ...steps].join('\n');
  await writeFile(join(cache, 'python3'), python, { mode: 0o755 });
  const { problems } = await new Provisioning({
    RUNNER_LIBTENSORFLOW: '',
    PATH: `${cache}:${process.env.PATH}`,
  }).result();
  expect(problems).toEqual([expect.objectContaining({ reason, ...details })]);
  expect(await readdir(join(cache, 'classifier-sweep-runner'))).toEqual([]);
});
