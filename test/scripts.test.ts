/** What README and CONTRIBUTING name works in a fresh clone after `npm ci`: here a copy without dist/. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { preparePeer } from '../bench/prepare.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const checkout = mkdtempSync(join(tmpdir(), 'runner-checkout-'));

beforeAll(() => {
  const isLeftOut = /^(node_modules|dist(\.[^/]*)?|results|\.git|test\/fuzz\/corpus)$/;
  cpSync(root, checkout, {
    recursive: true,
    filter: (path) => !isLeftOut.test(relative(root, path).split(sep).join('/')),
  });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

function run(command: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: checkout, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('from `npm ci` alone', () => {
  test('the benchmark builds first, and measures this program where no peer is asked for', () => {
    const size = ['--sizes', '0.25x32', '--rounds', '1', '--seconds', '0.1'];
    const bench = run('npm', 'run', 'bench', '--', '--only', 'steps', '--contestants', 'runner', ...size);
    expect(bench.stderr).toContain('Building runner (first use in this checkout)');
    expect(bench.status, bench.stderr).toBe(0);
    expect(bench.stdout).toMatch(/\| 0\.25x32 \| runner \| \d+ \|/);
    expect(bench.stdout).toContain('| 0.25x32 | 221,114 |');
    expect(bench.stdout).toMatch(/^.*\(family \d+, model \d+\), \d+ cores; has /m);
    expect(existsSync(join(checkout, 'results/benchmark.json'))).toBe(true);
  });

  test('the benchmark refuses what it has not, in a sentence', () => {
    const bench = run('npm', 'run', '--silent', 'bench', '--', '--contestants', 'JAX');
    expect(bench).toEqual({
      status: 2,
      stdout: '',
      stderr:
        '--contestants has no JAX; it has runner, WebAssembly, bfloat16, Keras, PyTorch, torch.compile\n',
    });
  });

  test.each([
    ['fuzz', /^npm run fuzz -- TARGET wants one of .*, not nothing\n$/],
    ['soak', /^npm run soak -- KILLS SEED wants two whole numbers, not many and \d+\n$/],
  ])('%s starts, and says what it wants', (script, sentence) => {
    const { status, stderr } = run('npm', 'run', '--silent', script, ...(script === 'soak' ? ['many'] : []));
    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
  });

  test('the schema is derived to what it is', () => {
    const path = 'schema/experiment.schema.json';
    const update = run('npx', 'tsx', 'scripts/update-schema.ts');
    expect(update.status, update.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(checkout, path), 'utf8'))).toEqual(
      JSON.parse(readFileSync(join(root, path), 'utf8')),
    );
  });

  test.each(readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.py')))(
    '%s says which packages it needs',
    (script) => {
      const { status, stderr } = run('python3', '-I', '-S', `scripts/${script}`); // without any installed package
      expect(status).toBe(1);
      expect(stderr).toMatch(/^No module named '\w+'\. This script needs Python packages: pip install .*\n$/);
    },
  );
});

test('a peer that cannot be installed is left out with a sentence', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.stubEnv('PATH', ''); // no python3
  vi.stubEnv('XDG_CACHE_HOME', checkout);
  expect(await preparePeer('keras')).toBeNull();
  expect(said.mock.lastCall).toEqual([
    expect.stringMatching(
      /^keras is left out: `python3 -m venv .*` ended with null: spawn python3 ENOENT\nIt needs Python 3 .*keras==/,
    ),
  ]);
  vi.unstubAllEnvs();
  said.mockRestore();
});
