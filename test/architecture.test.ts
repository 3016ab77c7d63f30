import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.d)\.ts$/.test(file),
);

/**
 * What the files of each folder may load at run time of other folders: those above in the table only, so there is no
 * circle. Type-only imports are free. docs/architecture.md says what each folder is for.
 */
const mayLoad: Readonly<Record<string, readonly string[]>> = {
  diagnostics: [],
  system: ['diagnostics'],
  'engines/wasm': [],
  engine: ['engines/wasm'],
  trial: [],
  'spec/source': ['system'],
  'spec/schema': ['diagnostics', 'spec/source'],
  spec: ['diagnostics', 'system', 'spec/source', 'spec/schema'],
  'augmentations/drawing': [],
  'augmentations/definitions': ['augmentations/drawing'],
  augmentations: ['system', 'augmentations/definitions'],
  'params/definitions': [],
  params: ['diagnostics', 'system', 'spec', 'augmentations', 'params/definitions'],
  'plan/grid': ['params', 'spec', 'spec/source'],
  plan: ['diagnostics', 'params', 'spec', 'spec/source', 'plan/grid'],
  'data/find': ['diagnostics', 'system'],
  'data/idx': ['diagnostics', 'system', 'data/find'],
  'data/emnist': ['diagnostics', 'system', 'data/find', 'data/idx'],
  'data/cifar': ['diagnostics', 'system', 'data/find'],
  'data/sets': ['data/idx', 'data/emnist', 'data/cifar'],
  'data/own': ['diagnostics', 'system', 'spec', 'params', 'data/idx'],
  'data/pack': ['diagnostics', 'system', 'data/own'],
  data: ['system', 'data/sets'],
  'model/mobilenet-v1': ['diagnostics', 'system', 'engine'],
  model: ['engine', 'model/mobilenet-v1'],
  'saving/networks': ['system'],
  'saving/formats': ['engine', 'saving/networks'],
  saving: ['system', 'model/mobilenet-v1', 'saving/networks', 'saving/formats'],
  train: [
    'diagnostics',
    'system',
    'engine',
    'trial',
    'augmentations',
    'params',
    'data',
    'data/pack',
    'model',
    'saving/networks',
  ],
  predict: ['engine', 'model', 'saving', 'train'],
  'engines/tensorflow': ['diagnostics', 'system'],
  provision: ['diagnostics', 'system', 'engines/tensorflow', 'engines/wasm'],
  'run/processes': ['trial'],
  'run/slurm': ['diagnostics', 'system', 'spec', 'trial'],
  'run/executors': ['provision', 'run/processes', 'run/slurm'],
  run: ['diagnostics', 'system', 'trial', 'plan', 'run/slurm', 'run/executors'],
  'run/slurm-task': ['diagnostics', 'provision', 'trial', 'run/processes', 'run/slurm', 'run'],
  'report/statistics': [],
  'report/formats': ['report/statistics'],
  'report/outputs': ['report/statistics', 'report/formats'],
  'report/text': ['diagnostics', 'report/statistics'],
  'report/html/drawing': ['report/text'],
  'report/html/sections': [
    'diagnostics',
    'trial',
    'report/statistics',
    'report/outputs',
    'report/text',
    'report/html/drawing',
  ],
  'report/html': ['diagnostics', 'report/html/drawing', 'report/html/sections'],
  'report/tensorboard': ['system'],
  'report/export': ['report/formats'],
  report: ['system', 'report/statistics', 'report/outputs', 'report/html'],
  'report/boards': ['diagnostics', 'report/text'],
  commands: [
    'diagnostics',
    'system',
    'spec',
    'spec/schema',
    'params',
    'plan',
    'data',
    'data/own',
    'data/pack',
    'model/mobilenet-v1',
    'saving/networks',
    'saving',
    'predict',
    'engines/tensorflow',
    'engines/wasm',
    'provision',
    'trial',
    'run/slurm',
    'run',
    'report/statistics',
    'report/formats',
    'report',
    'report/text',
    'report/html/sections',
    'report/tensorboard',
    'report/export',
    'report/boards',
  ],
  '.': ['diagnostics', 'system', 'commands'],
};

/** The modules of src that a file loads at run time; type-only imports are erased. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const statements = [...text.matchAll(/^(?:import|export)\s(?!type\s)([^;]*?)from\s'(\.[^']+)\.js';/gms)]
    .filter(([, names]) => !/^\s*\{(\s*type\s[^,]+,?)+\s*\}\s*$/.test(names!))
    .map(([, , path]) => path!);
  const calls = [...text.matchAll(/\bimport\('(\.[^']+)\.js'\)/g)].map(([, path]) => path!);
  const paths = [...statements, ...calls].map((path) => join(dirname(file), `${path}.ts`));
  const folders = [...text.matchAll(/loadFolder[^(]*\(\s*new URL\('([^']+)\/', import\.meta\.url\)/g)]; // of definitions
  return [
    ...paths,
    ...folders.flatMap(([, path]) => files.filter((other) => dirname(other) === join(dirname(file), path!))),
  ];
}

function reachableFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const imported of importsOf(file)) reachableFrom(imported, seen);
  return seen;
}

test('every folder is in the table', () => {
  expect(Object.keys(mayLoad).sort()).toEqual([...new Set(files.map(dirname))].sort());
});

test('the table has no circle: a folder loads those above it', () => {
  const folders = Object.keys(mayLoad);
  for (const [index, folder] of folders.entries())
    for (const loaded of mayLoad[folder]!) expect(folders.slice(0, index)).toContain(loaded);
});

test.each(Object.entries(mayLoad))(
  'src/%s loads what the table allows, and all of that',
  (folder, allowed) => {
    const own = files.filter((file) => dirname(file) === folder);
    const loaded = new Set(own.flatMap(importsOf).map(dirname));
    loaded.delete(folder);
    expect([...loaded].sort()).toEqual([...allowed].sort());
  },
);

test('the program loads no tensor library: only a trial’s process does', () => {
  expect(reachableFrom('cli.ts').size).toBeGreaterThan(20);
  expect([...reachableFrom('cli.ts')].filter((file) => file === 'engine/tfjs.ts')).toEqual([]);
  expect(reachableFrom('predict/predict-process.ts')).toContain('engine/tfjs.ts');
  expect(reachableFrom('train/trial-process.ts')).toContain('engine/tfjs.ts');
});

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
