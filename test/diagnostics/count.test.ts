import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { count } from '../../src/diagnostics/count.js';

test('one thing is not many', () => {
  expect([0, 1, 2].map((number) => count(number, 'trial'))).toEqual(['0 trials', '1 trial', '2 trials']);
  expect(count(1, 'more cell')).toBe('1 more cell');
});

test('no text of the program has a plural behind a number that may be 1', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const plural =
    /\$\{(?![^}]*join\()[^{}`]+\} (?:(?:more|other|training|failed) )?(?:axes|baselines|bytes|cells|cores|epochs|errors|experiments|fields|files|folders|GPUs|images|lines|numbers|outcomes|packages|pairs|parameters|problems|rows|rules|seconds|seeds|steps|trials|values|warnings)\b/g;
  const found = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(join(source, file), 'utf8').matchAll(plural)].map(([text]) => `${file}: ${text}`),
    );
  expect('${trials.length} trials'.match(plural)).toHaveLength(1);
  expect(found).toEqual([]);
});
