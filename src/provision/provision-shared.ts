import { canCompileFor } from '../engines/tensorflow/compile-binding.js';
import { detectMachine } from './detect-machine.js';
import { instructionSetsOf, type InstructionSet } from '../engines/tensorflow/instruction-set.js';
import {
  locateEngine,
  provisionAt,
  provisionEngine,
  type ProvisionedEngine,
  type ProvisionOptions,
} from './provision-engine.js';

/** What one cache has for machines of several kinds. */
export interface SharedEngine {
  readonly engine: ProvisionedEngine;
  readonly bindings: readonly SharedBinding[];
}

export interface SharedBinding {
  readonly name: InstructionSet['name'];
  /** `untried`: this machine's processor does not run it, and who opens it first tries it. */
  readonly state: 'tried' | 'untried' | 'unknown to the compiler';
}

/**
 * Provides the engine with a binding for every instruction set that processors of this architecture may have and the
 * compiler knows. A machine that opens the engine in this cache takes that of its own processor.
 * @throws RunnerError with the environment problem
 */
export async function provisionShared(options: ProvisionOptions): Promise<SharedEngine> {
  const engine = await provisionEngine(options); // the library, and the binding for this machine
  const machine = await detectMachine();
  const all = instructionSetsOf(machine.arch);
  const own = all.findIndex(({ name }) => name === machine.instructionSet.name);
  const bindings: SharedBinding[] = [];
  for (const [index, instructionSet] of all.entries()) {
    const { name } = instructionSet;
    if (index !== own && !(await canCompileFor(instructionSet))) {
      bindings.push({ name, state: 'unknown to the compiler' });
      continue;
    }
    const isTried = index >= own; // a processor runs what a narrower one does
    const location = await locateEngine(
      { ...machine, instructionSet },
      { ...options, engine: engine.build === 'gpu' ? 'gpu' : 'cpu' },
    );
    await provisionAt(location, options.onProgress, isTried);
    bindings.push({ name, state: isTried ? 'tried' : 'untried' });
  }
  return { engine, bindings };
}
