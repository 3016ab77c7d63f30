import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { describeProblem, problemToJson, type ProblemJson } from '../../src/diagnostics/problem.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { parseArguments } from '../../src/commands/arguments.js';
import { openDatasets } from '../../src/commands/open-datasets.js';
import { datasetNamed, datasetNames } from '../../src/data/datasets.js';
import { expandPlan, type PlanContext } from '../../src/plan/expand-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { loadSpec } from '../../src/spec/load-spec.js';

export const context: PlanContext = {
  weightsSha256: (alpha) => `weights of width ${alpha}`,
  datasets: (name) => ({ ...datasetNamed(name), ...(name === 'fashion-mnist' ? { sha256: name } : {}) }),
  engineFamily: 'tensorflow',
};

/** Writes files into a folder of their own, gone after the test; returns the folder. */
export function writeFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'experiments-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The plan of a text, as if it were a file. */
export async function planOf(
  text: string,
  sets: readonly string[] = [],
  changes: Partial<PlanContext> = {},
): Promise<Plan> {
  const spec = await loadSpec(join(writeFolder({ 'sweep.yaml': text }), 'sweep.yaml'), sets, datasetNames);
  return expandPlan(spec, { ...context, ...changes });
}

/** What a user reads of the problems in `sweep.yaml`; empty where there are none. */
export async function problemsIn(
  files: Readonly<Record<string, string | Uint8Array>>,
  sets: readonly string[] = [],
): Promise<{ reasons: string[]; text: string; json: ProblemJson[] }> {
  const folder = writeFolder(files);
  vi.stubEnv('XDG_CACHE_HOME', folder);
  try {
    const spec = await loadSpec(join(folder, 'sweep.yaml'), sets, datasetNames);
    const { factsOf, own } = await openDatasets(spec, parseArguments(['plan', 'sweep.yaml', '--quiet']));
    const datasets = (name: string) => (own.has(name) ? factsOf(name) : context.datasets(name));
    expandPlan(spec, { ...context, datasets });
    return { reasons: [], text: '', json: [] };
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    const here = (text: string) => text.replaceAll(`${folder}/`, '');
    const text = here(error.problems.map(describeProblem).join('\n'));
    const json = JSON.parse(here(JSON.stringify(error.problems.map(problemToJson)))) as ProblemJson[];
    return { reasons: error.problems.map(({ reason }) => reason), text, json };
  } finally {
    vi.unstubAllEnvs();
  }
}
