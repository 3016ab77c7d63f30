import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describePlan, planToJson } from '../../src/report/text/describe-plan.js';
import { expandPlan } from '../../src/plan/expand-plan.js';
import { defaultDataset } from '../../src/data/datasets.js';
import { analyse } from '../../src/report/analyse.js';
import leaderboard from '../../src/report/outputs/leaderboard.js';
import { parameterNames, schemaPath } from '../../src/spec/schema/compile-schema.js';
import { loadSpec } from '../../src/spec/load-spec.js';
import { isRunnerError, json, type Target } from './target.js';

const context = {
  weightsSha256: () => 'weights',
  datasets: () => defaultDataset,
  engineFamily: 'tensorflow',
};

const syntax = [
  ...['- ', '? ', ': ', '[', ']', '{', '}', ', ', '|\n', '>-\n', '"', "'", '#', '\n', '\t', '---\n', '...\n'],
  ...[
    '&a ',
    '*a',
    '<<: *a\n',
    '!!js/function "function () {}"',
    '!!python/object:os.system',
    '!x ',
    '%YAML 1.1\n',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '~',
    'null',
    'true',
    '.inf',
    '.nan',
  ],
  ...[
    '{ start: 0, stop: 1, step: 1e-9 }',
    '{ logspace: { start: 1e-9, stop: 1, count: 1e9 } }',
    '{ count: 1e15 }',
  ],
  ...[
    'extends: base.yaml\n',
    'extends: sweep.yaml\n',
    'base.yaml',
    'random',
    '1h30m',
    '\uFEFF',
    '\u2028',
    '\u{1F600}',
  ],
];
const words = [...syntax, ...parameterNames(), ...namesIn(JSON.parse(readFileSync(schemaPath, 'utf8')))];

/** An experiment file, and all that `runner plan` and `runner report` make of it. */
export const yaml: Target = {
  runs: 1000,
  words,
  tree: { parse: (bytes) => parse(bytes.toString(), { logLevel: 'error' }) as unknown, print: json.print },
  seal: (bytes) => Buffer.from(bytes.toString().replaceAll('\0', ' ')), // text: anything else is refused as a whole
  isDocumented: isRunnerError,
  open: async (folder) => {
    const path = join(folder, 'sweep.yaml');
    await writeFile(join(folder, 'base.yaml'), 'params: { epochs: 2, weights: none }\nseeds: { count: 2 }\n');
    return async (bytes) => {
      await writeFile(path, bytes);
      await planFile(path, []);
    };
  },
};

/** The argument of `--set`. */
export const set: Target = {
  runs: 800,
  words,
  isDocumented: isRunnerError,
  open: async (folder) => {
    const path = join(folder, 'sweep.yaml');
    await writeFile(
      path,
      'name: a\nmatrix: { dropout: [0, 0.5] }\nzip: { z: { alpha: [1, 0.5] } }\nseeds: [1]\ncompare: { baseline: { dropout: 0 } }\n',
    );
    return (bytes) => planFile(path, [bytes.toString()]);
  },
};

async function planFile(path: string, overrides: readonly string[]): Promise<void> {
  const plan = expandPlan(await loadSpec(path, overrides), context);
  describePlan(plan, new Map(), [], () => null, path);
  if (plan.trials.length > 1000) return; // seconds each
  JSON.stringify(planToJson(plan, new Map(), []));
  leaderboard.render(analyse(plan, new Map()), null);
}

/** Every name and word of a schema. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < 30 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.entries(value).flatMap(([key, child]) => [key, ...namesIn(child)]))];
}
