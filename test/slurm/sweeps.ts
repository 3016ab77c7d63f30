/** Sweeps of `tiny.yaml` on a cluster, and what they leave. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { experiment, figures, newFolder, runner } from '../command-line.js';

export const slurm = ['tiny.yaml', '--executor', 'slurm'];

/** One trial of a quarter of a minute or more, with a checkpoint after each epoch. */
export const long = {
  matrix: '{ augmentation: [none] }',
  seeds: '[2017]',
  params: '{ alpha: 0.25, weights: none, resolution: 28, epochs: 60 }',
};

/** The folders of a sweep's arrays. */
export function arrays(folder: string): string[] {
  const path = join(folder, 'results/tiny/slurm');
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(path, entry.name)] : [],
  );
}

/** Of each time that a task began a trial, the trial. */
export const starts = (folder: string): string[] =>
  arrays(folder).flatMap((array) =>
    readdirSync(join(array, 'started')).filter((name) => name.endsWith('.json')),
  );

/** What the CSVs of the local executor say. */
export async function localFigures(
  fields?: Record<string, string>,
  args: readonly string[] = [],
): Promise<string[][]> {
  const folder = await newFolder(experiment(fields));
  expect((await runner(folder, ['tiny.yaml', ...args])).code).toBe(0);
  return figures(folder);
}

/** Writes shell scripts that are found before the system's commands, by their names, and gives the variable for that. */
export async function commands(
  folder: string,
  lines: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, line] of Object.entries(lines))
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return { PATH: `${bin}:${process.env.PATH}` };
}

/** Writes machines.yaml, and gives the variable by which it is found. */
export async function machines(folder: string, yaml: string): Promise<Record<string, string>> {
  const path = join(folder, 'config/classifier-sweep-runner');
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'machines.yaml'), yaml);
  return { XDG_CONFIG_HOME: join(folder, 'config') };
}
