import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.d)\.ts$/.test(file),
);

/** The modules of src that a file loads at run time; type-only imports are erased. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from\s'(\.[^']+)\.js';/gms);
  const calls = text.matchAll(/\bimport\('(\.[^']+)\.js'\)/g);
  return [...statements, ...calls].map(([, path]) =>
    relative(source, join(source, dirname(file), `${path}.ts`)),
  );
}

function reachableFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const imported of importsOf(file)) reachableFrom(imported, seen);
  return seen;
}

test('the program loads no tensor library: only a trial’s process does', () => {
  expect(reachableFrom('cli.ts').size).toBeGreaterThan(20);
  expect([...reachableFrom('cli.ts')].filter((file) => file === 'engine/tfjs.ts')).toEqual([]);
  expect(reachableFrom('train/trial-process.ts')).toContain('engine/tfjs.ts');
});

test.each(['spec', 'plan', 'report', 'diagnostics', 'run', 'data'])(
  'src/%s loads no tensor library',
  (folder) => {
    const own = files.filter((file) => file.startsWith(`${folder}/`));
    expect(own.length).toBeGreaterThan(0);
    for (const file of own) expect([...reachableFrom(file)]).not.toContain('engine/tfjs.ts');
  },
);

test('imports form no cycle', () => {
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    expect(path).not.toContain(file);
    if (finished.has(file)) return;
    for (const imported of importsOf(file)) visit(imported, [...path, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
});
