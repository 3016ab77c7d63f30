import { readFileSync } from 'node:fs';

/** As the package has them. */
export function programVersion(): { readonly name: string; readonly version: string } {
  // The path is the same seen from src/ and from dist/.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return JSON.parse(text) as { name: string; version: string };
}
