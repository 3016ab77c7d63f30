import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildWasm, findZig } from '../../../scripts/wasm-compiler.js';

const shipped = await readFile(new URL('../../../src/engines/wasm/engine.wasm', import.meta.url));
const zig = await findZig(); // where pip reaches no index, standard error says that this test is left out

test.skipIf(zig === null)(
  'the module that is shipped is what the pinned compiler makes of the sources, byte for byte',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'runner wasm-'));
    try {
      const path = join(folder, 'engine.wasm');
      await buildWasm(zig!, path);
      expect((await readFile(path)).equals(shipped), 'npx tsx scripts/build-wasm.ts writes it again').toBe(
        true,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  600_000,
);

test('no path of the machine that compiled it is in it', () => {
  const text = shipped.toString('latin1');
  expect(text).toContain('RunnerPointwise');
  expect(text.match(/\/(home|root|tmp|usr|work|Users)\b[^\0]{0,80}/g) ?? []).toEqual([]);
});
