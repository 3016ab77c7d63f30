import { tensorflowEnvironment, type TrialDevice } from '../engines/tensorflow/trial-environment.js';
import { wasmEnvironment } from '../engines/wasm/provision-wasm.js';
import type { ProvisionedEngine } from './provision-engine.js';

/** The environment that a trial's process needs before it loads the engine, to be laid over the parent's. */
export function trialEnvironment(
  engine: Pick<ProvisionedEngine, 'family' | 'bindingPath' | 'libraryPath' | 'cudaDirectory'>,
  device: TrialDevice,
): Record<string, string> {
  return engine.family === 'wasm' ? wasmEnvironment() : tensorflowEnvironment(engine, device);
}
