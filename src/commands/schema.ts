import { readFile } from 'node:fs/promises';
import { schemaPath } from '../spec/schema/compile-schema.js';

/** Prints the JSON schema of experiment files, for editors and programs. */
export async function schema(): Promise<number> {
  process.stdout.write(await readFile(schemaPath, 'utf8'));
  return 0;
}
