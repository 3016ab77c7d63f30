import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelCard } from './model-card.js';
import type { ModelFormat } from './model-format.js';
import { decodeSafetensors, type NamedTensor } from './networks/safetensors.js';
import { loadFolder } from '../system/load-folder.js';
import { removePath } from '../system/remove-path.js';
import { renamePath } from '../system/rename-path.js';
import { portableModel } from './portable-model.js';

/** Every format that there is, each a file in formats/: read when there is something to save, since it takes 50 ms. */
const loadFormats = () => loadFolder<ModelFormat>(new URL('formats/', import.meta.url));

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
    for (const format of await loadFormats()) await format.write(model, written);
    await removePath(directory);
    await mkdir(dirname(directory), { recursive: true });
    await renamePath(written, directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another runner has saved it this moment
    });
  } finally {
    await removePath(written);
  }
}

/** The model of a folder that `saveModel` has written; null where there is none, or a damaged one. */
export async function readSavedModel(directory: string): Promise<SavedModel | null> {
  return openModelFile(join(directory, 'model.safetensors')).catch(() => null);
}

/** Whether a folder has all that `saveModel` writes. */
export async function isWhole(directory: string): Promise<boolean> {
  const formats = await loadFormats();
  return formats.every(({ fileNames }) => fileNames.every((name) => existsSync(join(directory, name))));
}

/** @throws Error of the disk, or one that says why it is not a saved model */
export async function openModelFile(path: string): Promise<SavedModel> {
  const { metadata, tensors } = decodeSafetensors(await readFile(path));
  if (metadata.card === undefined) throw new Error('it is no model that `runner run` has saved');
  const card = JSON.parse(metadata.card) as ModelCard;
  if (card.version !== 1) throw new Error(`its version is ${String(card.version)}, not 1`);
  return { card, tensors };
}
