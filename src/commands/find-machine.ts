import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { code, joinWords } from '../diagnostics/wording.js';
import { loadMachines, machinesPath } from '../spec/load-machines.js';
import type { MachineProfile } from '../spec/machine-profile.js';
import { UsageError, type Arguments } from './arguments.js';

/**
 * The machine profile of `--machine`, its paths in full; an empty one without it.
 * @throws UsageError where there is none of that name; RunnerError with the problems of the file
 */
export async function findMachine({ machine }: Pick<Arguments, 'machine'>): Promise<MachineProfile> {
  if (machine === undefined) return {};
  const path = machinesPath();
  const machines = await loadMachines(path);
  const found = machines.get(machine);
  if (found?.cache !== undefined) {
    const { cache } = found;
    const expanded = cache.startsWith('~/') ? join(homedir(), cache.slice(2)) : cache;
    return { ...found, cache: resolve(dirname(path), expanded) };
  }
  if (found) return found;
  const known = [...machines.keys()].map(code);
  const has = known.length === 0 ? 'has none' : `has ${joinWords(known, 'and')}`;
  throw new UsageError(`--machine: there is no machine ${code(machine)}; ${path} ${has}`);
}
