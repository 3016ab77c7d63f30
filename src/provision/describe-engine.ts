import type { EngineFamily } from './choose-family.js';
import type { ProvisionedEngine } from './provision-engine.js';

export const familyNames: Readonly<Record<EngineFamily, string>> = {
  tensorflow: 'TensorFlow',
  wasm: 'WebAssembly',
};

/** Such as `TensorFlow 2.21.0 (cpu), no NVIDIA GPU`. */
export function describeEngine({ family, build, why, tensorflowVersion }: ProvisionedEngine): string {
  const name = tensorflowVersion === null ? familyNames[family] : `TensorFlow ${tensorflowVersion}`;
  return `${name} (${build}), ${why}`;
}
