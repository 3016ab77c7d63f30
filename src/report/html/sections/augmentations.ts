import { html } from '../drawing/html.js';
import type { MakeSection } from './section.js';

/** Samples of every augmentation set, made by the trainer's own code. */
export const makeAugmentations: MakeSection = ({ pictures: { augmentations } }) => {
  if (augmentations.length === 0) return null;
  return {
    id: 'augmentations',
    title: 'Augmentations',
    lead: 'What training sees: the same training images in each row, drawn by the code that trains. Each trial and each epoch draws anew.',
    content: html`${augmentations.map(
      ({ name, sources }) =>
        html`<h3>${name}</h3>
          <div class="samples">
            ${sources.map((source, index) => html`<img src="${source}" alt="${`${name}, image ${index + 1}`}" />`)}
          </div>`,
    )}`,
  };
};
