/**
 * The WebAssembly engine gives the same digits everywhere. A change to what it computes writes the fixture again, by
 * `npx tsx test/engines/wasm/make-digits.ts`, and is an entry of src/plan/trainer-version.ts.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { nodeOf } from './node-of.js';
import { trainWith } from './whole-trial.js';

const fixture = JSON.parse(
  await readFile(new URL('../../fixtures/wasm-digits.json', import.meta.url), 'utf8'),
) as { epochs: unknown[] };
const nodes = [
  [process.version, process.execPath],
  ['v22.23.3', await nodeOf('22.23.3')],
  ['v24.9.0', await nodeOf('24.9.0')], // it and the next: by vectors of 256 bits where the processor has AVX2
  ['v26.10.0', await nodeOf('26.10.0')],
] as const;

describe.each(nodes)('Node %s', (_version, node) => {
  test.skipIf(node === null)(
    'a whole trial has the digits that it had when the fixture was made',
    async () => {
      expect(fixture.epochs).toHaveLength(3);
      expect(await trainWith(node!)).toEqual(fixture);
    },
  );

  test.skipIf(node === null)('two at once have them too', async () => {
    expect(await Promise.all([trainWith(node!), trainWith(node!)])).toEqual([fixture, fixture]);
  });
});
