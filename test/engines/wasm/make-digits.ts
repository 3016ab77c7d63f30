/** Writes the digits of digits.test.ts, by this Node: `npx tsx test/engines/wasm/make-digits.ts`. */
import { writeFile } from 'node:fs/promises';
import { trainWith } from './whole-trial.js';

const path = new URL('../../fixtures/wasm-digits.json', import.meta.url);
await writeFile(path, `${JSON.stringify(await trainWith(process.execPath), null, 2)}\n`);
