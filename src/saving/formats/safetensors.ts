import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFormat } from '../model-format.js';
import { encodeSafetensors } from '../networks/safetensors.js';

/** The network's numbers as training has them, with the card: what `runner predict` reads. The card also alone, to be read. */
export default {
  fileNames: ['model.safetensors', 'card.json'],
  async write({ card, tensors }, directory) {
    const file = encodeSafetensors({ metadata: { card: JSON.stringify(card) }, tensors });
    await writeFile(join(directory, 'model.safetensors'), file);
    await writeFile(join(directory, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
  },
} satisfies ModelFormat;
