/** Nodes without network and compiler train on what `runner setup --shared` has put on the shared file system. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { experiment, figures, newFolder, runner } from '../command-line.js';
import { Cluster, hasSlurm } from './cluster.js';
import { arrays, localFigures, machines } from './sweeps.js';

/** Only root in a machine of its own may take a processor's flags away from a process, and its network. */
const canUnshare = spawnSync('unshare', ['--mount', '--net', 'true']).status === 0;

const one = { matrix: '{ augmentation: [none] }', seeds: '[2017]' };

/** What was downloaded for all tests, as if the shared folder had it. */
function copyCached(target: string): void {
  for (const name of ['libtensorflow-2.21.0-cpu-x64', 'libtensorflow-2.21.0-cpu-arm64', 'fashion-mnist']) {
    const source = join(cacheDirectory(), name);
    if (!existsSync(source)) continue;
    const copies = [['-al'], ['-a']].some(
      (flags) => spawnSync('cp', [...flags, source, target]).status === 0, // a link across file systems fails
    );
    if (!copies) throw new Error(`${source} was not copied`);
  }
}

/** Of each binding, whether somebody has tried it. */
async function verifications(shared: string): Promise<unknown[]> {
  const engines = (await readdir(shared)).filter((name) => name.startsWith('engine-'));
  const read = (name: string) => readFile(join(shared, name, 'manifest.json'), 'utf8');
  const manifests = await Promise.all(engines.map(read));
  return manifests.map((text) => (JSON.parse(text) as { verification: unknown }).verification);
}

test.skipIf(!hasSlurm || !canUnshare)(
  'a node without network and compiler takes the binding for its own processor from the shared cache',
  { timeout: 600_000 },
  async () => {
    const folder = await newFolder(experiment(one));
    const shared = join(folder, 'shared');
    await mkdir(shared);
    copyCached(shared);
    // The login node's processor has no vector instructions that the kernels know.
    const cpuinfo = join(folder, 'cpuinfo');
    await writeFile(cpuinfo, 'processor\t: 0\nmodel name\t: plain\nflags\t\t: fpu sse2\n');
    const onPlain = `mount --bind '${cpuinfo}' /proc/cpuinfo && exec "$@"`;
    const through = ['unshare', '--mount', 'sh', '-c', onPlain, 'sh'];
    const setup = ['setup', 'tiny.yaml', '--engine', 'cpu', '--shared', shared];
    const { code, stdout, stderr } = await runner(folder, setup, { through });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toMatch(/binding: baseline, tried\n/);
    if (process.arch === 'x64') expect(stdout).toMatch(/binding: avx512, untried\nbinding: avx2, untried\n/);
    expect(stdout).toContain(`data: ${shared}`);
    const untried = (await verifications(shared)).filter((verification) => verification === null).length;

    const env = await machines(
      folder,
      `cut-off:
  cache: ../../shared
  setup:
    - '[ "$CUT_OFF" ] || exec unshare --net env CUT_OFF=1 bash "$0"'
    - export PATH=/nowhere HOME=/nowhere
`,
    );
    const cluster = Cluster.start({ BASE_PORT: '17140' });
    try {
      const args = ['tiny.yaml', '--machine', 'cut-off', '--engine', 'cpu'];
      const run = await runner(folder, args, { env: { ...cluster.env, ...env }, through });
      expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('Compiling')]);
    } finally {
      cluster.stop();
    }
    expect(await figures(folder)).toEqual(await localFigures(one));
    if (/^flags.*\bavx2\b/m.test(await readFile('/proc/cpuinfo', 'utf8'))) {
      const log = await readFile(join(arrays(folder)[0]!, '0.log'), 'utf8');
      expect(log).toContain('Trying the engine, which was prepared on another machine');
      expect((await verifications(shared)).filter((verification) => verification === null)).toHaveLength(
        untried - 1,
      );
    }
    await rm(shared, { recursive: true }); // 800 MB where it had to be copied
  },
);
