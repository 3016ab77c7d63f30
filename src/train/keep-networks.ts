import { createNetwork } from '../model/create-network.js';
import type { Network } from '../model/network.js';
import type { NamedTensor } from '../saving/networks/safetensors.js';
import { writeTrialNetworks } from '../saving/networks/trial-networks.js';
import type { SavedNetwork, SavedTensor } from './checkpoint.js';
import type { TrialInputs } from './trainer.js';

/** Keeps the networks of a trial's candidate epochs. A failure costs a line on the standard error. */
export async function keepNetworks(
  path: string,
  { trial, facts }: Pick<TrialInputs, 'trial' | 'facts'>,
  networks: readonly SavedNetwork[],
): Promise<void> {
  const network = createNetwork(trial.params, facts);
  const named = networks.map(({ epoch, tensors }) => ({ epoch, tensors: nameStatistics(tensors, network) }));
  await writeTrialNetworks(path, { trialId: trial.id, facts, networks: named }).catch((error: unknown) => {
    console.error(
      `The trained network is not kept: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

/** A network's tensors with the moving statistics of each batch normalisation alone, as weight files have them. */
function nameStatistics(tensors: readonly SavedTensor[], { batchNormalizations }: Network): NamedTensor[] {
  const names = { movingMean: 'moving_mean', movingVariance: 'moving_variance' } as const;
  return tensors.flatMap((tensor) => {
    if (tensor.name !== 'movingMean' && tensor.name !== 'movingVariance') return [tensor];
    const of = names[tensor.name];
    let at = 0;
    return batchNormalizations.map(({ name, channels }) => {
      const values = tensor.values.subarray(at, (at += channels));
      return { name: `${name}/${of}`, shape: [channels], values };
    });
  });
}
