import type { CheckpointRequest } from '../trial/trial-protocol.js';
import { readCheckpoint, writeCheckpoint, type Checkpoint, type CheckpointOwner } from './checkpoint.js';
import type { Classifier } from './classifier.js';

/** The state of `owner` to go on from; null where there is none that can be used, which is said on the standard error. */
export async function findCheckpoint(
  { path }: CheckpointRequest,
  owner: CheckpointOwner,
  classifier: Classifier,
): Promise<Checkpoint | null> {
  try {
    const saved = await readCheckpoint(path, owner, classifier.layout);
    if (saved) console.error(`Training continues after epoch ${saved.epochs.length}, from ${path}`);
    return saved;
  } catch (error) {
    console.error(`Training starts from the beginning: ${path} cannot be used, ${reasonOf(error)}`);
    return null;
  }
}

/** Keeps the state after an epoch where the request, or somebody meanwhile, asks for it. A failure costs a line on the standard error. */
export async function keepCheckpoint(
  { path, everyEpochs }: CheckpointRequest,
  owner: CheckpointOwner,
  classifier: Classifier,
  state: Omit<Checkpoint, 'tensors'>,
  isAskedFor: boolean,
): Promise<void> {
  const epoch = state.epochs.length;
  if (!isAskedFor && (everyEpochs === 0 || epoch % everyEpochs > 0)) return;
  const checkpoint = { ...state, tensors: classifier.save() }; // device to host
  await writeCheckpoint(path, owner, checkpoint).catch((error: unknown) => {
    console.error(`No checkpoint after epoch ${epoch}: ${reasonOf(error)}`);
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
