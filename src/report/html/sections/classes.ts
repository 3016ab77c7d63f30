import { metricTitles, nameOfCell, showPercent } from '../drawing/cells.js';
import { html, type Html } from '../drawing/html.js';
import { countsOf, judgedCells, type JudgedCell } from './judged-images.js';
import { drawTable } from '../drawing/plot.js';
import type { MakeSection } from './section.js';

/** Fields of all matrices together: about 2 MB of markup. */
const mostFields = 40_000;
/** More classes than this are not a picture any more: the most frequent confusions are listed instead. */
const mostClasses = 60;
const mostConfusions = 30;

/** Accuracy by class and the confusion matrix, of a cell that the reader chooses. */
export const makeClasses: MakeSection = ({ report }) => {
  const { plan } = report;
  const judged = judgedCells(report);
  if (judged.length === 0)
    return report.results.length === 0
      ? null
      : {
          id: 'classes',
          title: 'Classes',
          lead: 'These trials are of an earlier version, which did not keep what their images were taken for.',
          content: html``,
        };
  const classesOf = ({ cell }: JudgedCell) =>
    plan.datasets.find(({ name }) => name === cell.params.dataset)!.classes;
  let fields = 0;
  const shown = judged.filter((one, place) => {
    fields += Math.min(classesOf(one).length, mostClasses) ** 2;
    return place === 0 || fields <= mostFields;
  });
  const options = shown.map(
    ({ cell }, place) => html`<option value="class-cell-${place}">${nameOfCell(cell, plan)}</option>`,
  );
  const panels = shown.map(
    (one, place) =>
      html`<div class="panel" id="class-cell-${place}" ${place > 0 && html` hidden`}>
        ${describeClasses(one, classesOf(one), nameOfCell(one.cell, plan))}
      </div>`,
  );
  const part = shown[0]!.trials[0]!.record.part;
  const hidden = judged.length - shown.length;
  return {
    id: 'classes',
    title: 'Classes',
    lead: `What each class is taken for on the images of ${part === 'test' ? 'the test' : 'validation'}, all seeds of a setting together, in the epoch that ${metricTitles[plan.metric.name]} on the validation images selects. A dark field beside the diagonal is a pair of classes that are taken for each other.${hidden > 0 ? ` The best ${shown.length} settings can be chosen.` : ''}`,
    content: html`<p>
        <label
          >Setting
          <select data-panels>
            ${options}
          </select></label
        >
      </p>
      ${panels}`,
  };
};

function describeClasses(one: JudgedCell, classes: readonly string[], name: string): Html {
  const counts = countsOf(one);
  const size = classes.length;
  const at = (label: number, predicted: number) => counts[label * size + predicted]!;
  const range = classes.map((_, index) => index);
  const rows = range.map((label) => {
    const images = range.reduce((sum, predicted) => sum + at(label, predicted), 0);
    const others = range
      .filter((predicted) => predicted !== label)
      .sort((a, b) => at(label, b) - at(label, a));
    const most = others[0];
    return {
      label,
      images,
      right: at(label, label),
      most: most !== undefined && at(label, most) > 0 ? most : null,
    };
  });
  const table = drawTable(
    [
      { title: 'class', content: ({ label }) => classes[label]!, value: ({ label }) => classes[label]! },
      {
        title: 'accuracy',
        isNumber: true,
        content: ({ right, images }) =>
          images === 0
            ? '–'
            : html`<svg class="bar" width="100" height="10" viewBox="0 0 100 10" aria-hidden="true">
                  <rect width="${(100 * right) / images}" height="10" fill="var(--s0)" />
                </svg>
                ${showPercent(right / images)}`,
        value: ({ right, images }) => (images === 0 ? null : right / images),
      },
      {
        title: 'images, all seeds',
        isNumber: true,
        content: ({ images }) => images,
        value: ({ images }) => images,
      },
      {
        title: 'most often taken for',
        content: ({ label, images, most }) =>
          most === null ? '' : `${classes[most]} (${showPercent(at(label, most) / images)})`,
      },
    ],
    rows,
    { caption: `Accuracy by class of ${name}`, sortable: true },
  );
  return html`<div class="plots">
    ${table}${size <= mostClasses ? drawMatrix(rows, classes, at, name) : listConfusions(rows, classes, at, name)}
  </div>`;
}

interface ClassRow {
  readonly label: number;
  readonly images: number;
}

function drawMatrix(
  rows: readonly ClassRow[],
  classes: readonly string[],
  at: (label: number, predicted: number) => number,
  name: string,
): Html {
  return html`<div
    class="scroll"
    tabindex="0"
    role="group"
    aria-label="Confusion matrix of ${name}, scrollable"
  >
    <table class="matrix">
      <caption>
        Images of a class (row) by the class predicted (column), ${name}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${classes.map((title) => html`<th scope="col"><span>${title}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ label, images }) =>
            html`<tr>
              <th scope="row">${classes[label]!}</th>
              ${classes.map((_, predicted) => {
                const value = at(label, predicted);
                const share = images === 0 ? 0 : Math.sqrt(value / images); // rare confusions are to be seen too
                return html`<td${value > 0 && html` style="--share:${share.toFixed(3)}"`}>${value}</td>`;
              })}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function listConfusions(
  rows: readonly ClassRow[],
  classes: readonly string[],
  at: (label: number, predicted: number) => number,
  name: string,
): Html {
  const pairs = rows
    .flatMap(({ label, images }) =>
      classes.map((_, predicted) => ({ label, predicted, images, value: at(label, predicted) })),
    )
    .filter(({ label, predicted, value }) => label !== predicted && value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, mostConfusions);
  return drawTable(
    [
      { title: 'class', content: ({ label }) => classes[label]! },
      { title: 'taken for', content: ({ predicted }) => classes[predicted]! },
      { title: 'images', isNumber: true, content: ({ value }) => value, value: ({ value }) => value },
      {
        title: 'share of the class',
        isNumber: true,
        content: ({ value, images }) => showPercent(value / images),
        value: ({ value, images }) => value / images,
      },
    ],
    pairs,
    { caption: `The most frequent confusions of ${name}`, sortable: true },
  );
}
