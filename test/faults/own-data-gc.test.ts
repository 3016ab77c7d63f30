/** Packs that are removed: those that the user names, and never one on which a run trains. */
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheDirectory } from '../../src/system/cache-directory.js';
import { experiment, newFolder, runner, RunningRunner } from '../command-line.js';
import { drawClasses } from '../data/own/image-folder.js';

let folder: string;
beforeAll(async () => {
  folder = realpathSync(
    await newFolder(
      experiment({
        datasets: '{ gc-photos: { folder: ./photos } }',
        params:
          '{ dataset: gc-photos, alpha: 0.25, weights: none, epochs: 1, batchSize: 16, resolution: 12 }',
        data: '{}',
      }),
    ),
  );
  for (const [name, content] of Object.entries(await drawClasses({ low: 20, high: 20 }, 'photos/'))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});
afterAll(async () => {
  await gc('--yes');
  rmSync(folder, { recursive: true });
});

interface GcJson {
  readonly remove: boolean;
  readonly bytes: number;
  readonly entries: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly why: string;
    readonly removed: boolean;
    readonly inUseBy: number | null;
  }[];
}

const gc = (...flags: string[]) => runner(folder, ['gc', '--packs', './photos', ...flags]);
/** What processes say that they use of a pack. */
const usesOf = (pack: string) =>
  readdirSync(join(cacheDirectory(), 'data/uses')).filter((name) => name.startsWith(basename(pack)));

test('gc --packs lists packs with their place, size and last use, and removes what is named when told to', async () => {
  const none = 'Nothing to remove: the cache has no decoded images of `./photos`.\n';
  expect((await gc()).stdout).toBe(none);
  expect((await runner(folder, ['tiny.yaml'])).code).toBe(0);
  const found = JSON.parse((await gc('--json')).stdout) as GcJson;
  const { path, bytes } = found.entries[0]!;
  expect(found.entries).toHaveLength(1);
  expect(found).toMatchObject({ remove: false, bytes, entries: [{ removed: false, inUseBy: null }] });
  expect(bytes).toBeGreaterThan(40 * 12 * 12 * 3);
  utimesSync(path, new Date('2026-01-02'), new Date('2026-01-02'));
  const why = `gc-photos, 12 pixels, from ${folder}/photos, last used 2026-01-02`;
  const listed = `${path}: ${why}, ${bytes} bytes\n`;
  expect((await gc()).stdout).toBe(
    `${listed}1, 0.0 MB in total. Nothing was removed; \`runner gc --packs ./photos --yes\` removes them.\n`,
  );
  const all = await runner(folder, ['gc', '--packs', 'all']);
  expect(all.stdout).toContain(listed);
  const other = await runner(folder, ['gc', '--packs', 'gc-phot', '--yes']);
  expect([other.code, existsSync(path)]).toEqual([0, true]);
  expect((await gc('--yes')).stdout).toBe(`${listed}Removed 1 of 1, 0.0 MB in total.\n`);
  expect(existsSync(path)).toBe(false);
  expect((await gc()).stdout).toBe(none);
});

test('a pack on which a run trains is kept, and is not kept when that has ended, however it ended', async () => {
  for (const end of ['SIGINT', 'SIGKILL'] as const) {
    const run = new RunningRunner(folder, ['tiny.yaml', '--force', '--concurrency', '1']);
    await run.said(/^started /m);
    const kept = await gc('--yes');
    const path = kept.stdout.slice(0, kept.stdout.indexOf(':'));
    expect(usesOf(path)).toHaveLength(1);
    run.killGroup(end);
    expect([kept.code, kept.stdout]).toEqual([1, expect.stringMatching(/^Removed 0 of 1, /m)]);
    expect(kept.stdout).toContain(`, process ${run.pid} trains on it\n`);
    await run.result;
    expect((await gc('--yes')).stdout).toMatch(/^Removed 1 of 1, /m);
    expect(usesOf(path)).toEqual([]);
  }
});
