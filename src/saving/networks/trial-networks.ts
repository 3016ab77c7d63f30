import { readFile } from 'node:fs/promises';
import type { ImageFacts } from '../../data/dataset.js';
import { writeFileAtomically } from '../../system/write-file-atomically.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.js';

/** A network as an epoch left it: kernels, biases, and of each batch normalisation gamma, beta and moving statistics. */
export interface EpochNetwork {
  readonly epoch: number;
  /** Named as in Keras' weight files, such as `conv1/kernel` and `conv1_bn/moving_mean`; shapes as `Network` has them. */
  readonly tensors: readonly NamedTensor[];
}

/** What a trial's process keeps for those who take its network away. */
export interface TrialNetworks {
  readonly trialId: string;
  /** What the network was trained on. */
  readonly facts: ImageFacts;
  /** Of the epochs that a metric may select. */
  readonly networks: readonly EpochNetwork[];
}

/** One safetensors file; the tensors of epoch 3 begin with `3/`. @throws Error where it cannot be written */
export async function writeTrialNetworks(
  path: string,
  { trialId, facts, networks }: TrialNetworks,
): Promise<void> {
  const tensors = networks.flatMap(({ epoch, tensors }) =>
    tensors.map(({ name, ...tensor }) => ({ name: `${epoch}/${name}`, ...tensor })),
  );
  const file = encodeSafetensors({ metadata: { trialId, facts: JSON.stringify(facts) }, tensors });
  // One process trains a trial at a time: what a killed one left under this name, the next overwrites.
  await writeFileAtomically(path, file, `${path}.tmp`);
}

/** Null where there is none of the trial, or a damaged one: it is then trained again. */
export async function readTrialNetworks(path: string, trialId: string): Promise<TrialNetworks | null> {
  const file = await readFile(path).catch(() => null);
  if (file === null) return null;
  try {
    const { metadata, tensors } = decodeSafetensors(file);
    if (metadata.trialId !== trialId) return null;
    const networks = new Map<number, NamedTensor[]>();
    for (const { name, ...tensor } of tensors) {
      const slash = name.indexOf('/');
      const epoch = Number(name.slice(0, slash));
      if (!networks.has(epoch)) networks.set(epoch, []);
      networks.get(epoch)!.push({ name: name.slice(slash + 1), ...tensor });
    }
    return {
      trialId,
      facts: JSON.parse(metadata.facts!) as ImageFacts,
      networks: [...networks].map(([epoch, tensors]) => ({ epoch, tensors })),
    };
  } catch {
    return null;
  }
}
