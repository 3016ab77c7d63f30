import { count } from '../../../diagnostics/count.js';
import { joinWords } from '../../../diagnostics/wording.js';
import { mean } from '../../statistics/statistics.js';
import { nameOfCell, showPercent } from '../drawing/cells.js';
import { html, type Html } from '../drawing/html.js';
import { shownImages, type CellOnImage, type ImageStory } from './judged-images.js';
import type { MakeSection } from './section.js';

/** The images that cells disagree on most, and those that the best one gets wrong. */
export const makeImages: MakeSection = ({ report, pictures }) => {
  const { plan } = report;
  const { disagreed, wrong } = shownImages(report);
  const stories = [...disagreed, ...wrong];
  if (stories.length === 0) return null;
  const found = stories.filter(({ image }) => pictures.imageOf(image) !== null);
  if (found.length === 0)
    return {
      id: 'images',
      title: 'Images',
      lead: 'The data is not on the machine where this page was written, so the images that settings disagree on cannot be shown.',
      content: html``,
    };
  const classesOf = ({ image }: ImageStory) =>
    plan.datasets.find(({ name }) => name === image.dataset)!.classes;
  const show = (story: ImageStory): Html | null => {
    const picture = pictures.imageOf(story.image);
    if (!picture) return null;
    const classes = classesOf(story);
    const truth = classes[picture.label]!;
    const several = story.cells.length > 1;
    return html`<li class="story">
      <img src="${picture.source}" alt="${`${story.image.part} image ${story.image.image}, ${truth}`}" />
      <div>
        <p><strong>${truth}</strong> <span class="faint">image ${story.image.image}</span></p>
        <ul>
          ${story.cells.map((one) => html`<li>${several && html`<span class="faint">${nameOfCell(one.cell, plan)}:</span> `}${describeCell(one, classes)}</li>`)}
        </ul>
      </div>
    </li>`;
  };
  const best = wrong[0] && nameOfCell(wrong[0].cells[0]!.cell, plan);
  return {
    id: 'images',
    title: 'Images',
    lead: 'Look at them before you trust a number: what is wrong with a label or a photo shows here. Percentages are probabilities, means over the seeds. A trial keeps what it took its 96 surest wrong images for.',
    content: html`${
      disagreed.length > 0 &&
      html`<h3>Where settings disagree most</h3>
        <ul class="stories">
          ${disagreed.map(show)}
        </ul>`
    }
    ${
      wrong.length > 0 &&
      html`<h3>What ${best!} gets wrong, the surest first</h3>
        <ul class="stories">
          ${wrong.map(show)}
        </ul>`
    }`,
  };
};

function describeCell(
  { seeds, right, misses, labelProbability }: CellOnImage,
  classes: readonly string[],
): string {
  const score = seeds === 1 ? (right === 1 ? 'right' : 'wrong') : `${right} of ${count(seeds, 'seed')} right`;
  const own = labelProbability === null ? '' : `, its own class ${showPercent(labelProbability)}`;
  if (misses.length === 0) return score + own;
  const byClass = [...new Set(misses.map(({ predicted }) => predicted))].map((predicted) => {
    const some = misses.filter((miss) => miss.predicted === predicted);
    const probability = mean(some.map((miss) => miss.predictedProbability))!;
    return { text: `${classes[predicted]} (${showPercent(probability)})`, count: some.length };
  });
  const taken = byClass.sort((a, b) => b.count - a.count).map(({ text }) => text);
  return `${score}${own}, taken for ${joinWords(taken, 'or')}`;
}
