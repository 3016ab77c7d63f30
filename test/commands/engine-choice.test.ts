/** Which engine trials are trained with, as a user meets it. */
import { mkdir, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { completions, figures, newFolder, readResult, runner } from '../command-line.js';

let folder: string;
let bare: { readonly PATH: string; readonly XDG_CACHE_HOME: string };

/** A machine without Python, without a compiler and without a prepared engine; the data is there. */
async function bareMachine() {
  const home = await mkdtemp(join(tmpdir(), 'runner-bare-'));
  const [cache, programs] = [join(home, 'classifier-sweep-runner'), join(home, 'bin')];
  await mkdir(cache);
  await mkdir(programs);
  await symlink(process.execPath, join(programs, 'node'));
  for (const name of await readdir(cacheDirectory()))
    if (!/engine|tensorflow/.test(name)) await symlink(join(cacheDirectory(), name), join(cache, name));
  return { PATH: programs, XDG_CACHE_HOME: dirname(cache) };
}

beforeAll(async () => {
  folder = await newFolder();
  bare = await bareMachine();
});

const engineLine = (stdout: string) => /^engine: .*$/m.exec(stdout)?.[0];

test('without Python and a compiler trials are trained with WebAssembly, and why is said', async () => {
  const planned = await runner(folder, ['plan', 'tiny.yaml'], { env: bare });
  expect(engineLine(planned.stdout)).toMatch(
    /^engine: WebAssembly, TensorFlow cannot be downloaded without Python 3; with TensorFlow, which `runner setup` prepares, /,
  );
  const { code, stderr } = await runner(folder, ['tiny.yaml'], { env: bare });
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^Engine: WebAssembly \(simd128\), Python 3 with pip is needed .*half to nine tenths of the time/m,
  );
  expect(await completions(folder)).toHaveLength(4);
  const environment = JSON.parse(await readResult(folder, 'environment.json')) as Record<string, unknown>;
  expect(environment).toMatchObject({ engine: 'wasm-simd128', tensorflow: null });
});

test('where TensorFlow cannot be had at all, nothing is offered', async () => {
  const script = 'Object.defineProperty(process, "platform", { value: "darwin" })';
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(script)}`;
  const { stdout } = await runner(await newFolder(), ['plan', 'tiny.yaml'], {
    env: { NODE_OPTIONS, XDG_CACHE_HOME: dirname(cacheDirectory()) },
  });
  expect(engineLine(stdout)).toMatch(/^engine: WebAssembly, .*darwin.*$/);
  expect(engineLine(stdout)).not.toContain('setup');
});

test('where TensorFlow is prepared, the experiment goes on with the engine of its finished trials', async () => {
  const before = await figures(folder);
  const planned = await runner(folder, ['plan', 'tiny.yaml']);
  expect(planned.stdout).toContain('trials: 4 done');
  expect(engineLine(planned.stdout)).toBe('engine: WebAssembly, the finished trials are of it');
  const { code, stderr } = await runner(folder, ['tiny.yaml']);
  expect(code).toBe(0);
  expect(stderr).toContain('Nothing to train: 4 trials already done.');
  expect(await figures(folder)).toEqual(before);
});

test('another family is another set of trials: never two in one comparison', async () => {
  const planned = await runner(folder, ['plan', 'tiny.yaml', '--engine', 'cpu']);
  expect(planned.stdout).toContain('trials: 4 new');
  expect(engineLine(planned.stdout)).toBe('engine: TensorFlow, --engine cpu');
  const { stdout } = await runner(folder, ['plan', 'tiny.yaml', '--engine', 'wasm', '--json']);
  const { engine } = JSON.parse(stdout) as { engine: unknown };
  expect(engine).toEqual({ family: 'wasm', why: '--engine wasm' });
});

test('without finished trials TensorFlow is taken where it is prepared', async () => {
  const { stdout } = await runner(await newFolder(), ['plan', 'tiny.yaml']);
  expect(engineLine(stdout)).toBe('engine: TensorFlow, it is prepared');
});

test('setup and doctor find no fault with a machine that WebAssembly suffices for', async () => {
  const setup = await runner(folder, ['setup'], { env: bare });
  expect(setup.code).toBe(0);
  expect(setup.stdout).toMatch(/^engine: WebAssembly \(simd128\), Python 3 with pip is needed /m);
  const { stdout } = await runner(folder, ['doctor'], { env: bare });
  expect(stdout).not.toContain('PROBLEM');
  expect(stdout).toMatch(/^ok {7}engine without it {2}WebAssembly \(simd128\)/m);
});

test('setup for a cluster prepares no binding where WebAssembly is asked for', async () => {
  const shared = join(await newFolder(), 'shared');
  const data = ['--data-dir', join(cacheDirectory(), 'fashion-mnist')];
  const { code, stdout } = await runner(folder, ['setup', '--engine', 'wasm', '--shared', shared, ...data], {
    env: bare,
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^engine: WebAssembly \(simd128\), --engine wasm\ndata: /);
  expect(stdout).not.toContain('binding');
});

test('what a machine without TensorFlow trains, a second one trains to the same digits', async () => {
  const other = await newFolder();
  expect((await runner(other, ['tiny.yaml', '--engine', 'wasm', '--concurrency', '1'])).code).toBe(0);
  expect(await figures(other)).toEqual(await figures(folder));
  expect(await readFile(join(other, 'results/tiny/leaderboard.csv'), 'utf8')).toContain('flip');
});
