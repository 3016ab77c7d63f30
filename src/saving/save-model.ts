import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelCard } from './model-card.js';
import { modelFormats } from './model-formats.js';
import { decodeSafetensors, type NamedTensor } from './networks/safetensors.js';
import { portableModel } from './portable-model.js';

/** A saved model: what it says of itself, and its numbers as training has them. */
export interface SavedModel {
  readonly card: ModelCard;
  readonly tensors: readonly NamedTensor[];
}

/** Writes a model in every format into its folder, in the place of what was there. @throws what the disk says */
export async function saveModel(directory: string, { card, tensors }: SavedModel): Promise<void> {
  const model = portableModel(card, tensors);
  const written = `${directory}.${randomUUID()}.tmp`; // beside it, so that it can be renamed
  await mkdir(written, { recursive: true });
  try {
    for (const format of modelFormats) await format.write(model, written);
    await rm(directory, { recursive: true, force: true });
    await mkdir(dirname(directory), { recursive: true });
    await rename(written, directory);
  } finally {
    await rm(written, { recursive: true, force: true });
  }
}

/** The model of a folder that `saveModel` has written; null where there is none, or a damaged one. */
export async function readSavedModel(directory: string): Promise<SavedModel | null> {
  return openModelFile(join(directory, 'model.safetensors')).catch(() => null);
}

/** @throws Error of the disk, or one that says why it is not a saved model */
export async function openModelFile(path: string): Promise<SavedModel> {
  const { metadata, tensors } = decodeSafetensors(await readFile(path));
  if (metadata.card === undefined) throw new Error('it is no model that `runner run` has saved');
  const card = JSON.parse(metadata.card) as ModelCard;
  if (card.version !== 1) throw new Error(`its version is ${String(card.version)}, not 1`);
  return { card, tensors };
}
