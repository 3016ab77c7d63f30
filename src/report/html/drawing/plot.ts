import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html, html, type HtmlContent } from './html.js';

export { Plot };

const page = '<!doctype html><html><body></body></html>';
const { document } = parseHTML(page) as unknown as { readonly document: unknown };

/** What is used of an element. */
interface SvgElement {
  readonly outerHTML: string;
  querySelector(name: string): { remove(): void } | null;
  querySelectorAll(name: string): Iterable<{ removeAttribute(name: string): void }>;
  setAttribute(name: string, value: string): void;
}

/**
 * A plot as an SVG that takes its colours from the page, with its numbers in a table below it, closed.
 * @param label what it shows, for who cannot see it
 */
export function drawPlot(options: Plot.PlotOptions, label: string, table: Html | null): Html {
  const svg = Plot.plot({
    document: document as never,
    className: 'plot',
    marginBottom: 42,
    ...options,
  }) as unknown as SvgElement;
  svg.querySelector('style')?.remove(); // assets/page.css has it, once
  for (const mark of svg.querySelectorAll('[aria-label]')) mark.removeAttribute('aria-label'); // `rect`, `dot`
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return html`<figure>
    <div class="scroll" tabindex="0" role="group" aria-label="${`${label}, scrollable`}">
      ${new Html(svg.outerHTML)}
    </div>
    ${
      table &&
      html`<details>
        <summary>The numbers</summary>
        ${table}
      </details>`
    }
  </figure>`;
}

/** A scale that shows these values; equal ones, and such as differ by rounding only, get a width of `least` around them. */
export function scaleOf(values: readonly number[], least = 0.01): Plot.ScaleOptions {
  const [low, high] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const missing = Math.max(0, least - (high - low)) / 2;
  const tickFormat = (value: number) => String(Number(value.toFixed(5))).replace('-', '−');
  return { type: 'linear', domain: [low - missing, high + missing], nice: true, grid: true, tickFormat };
}

/** A column of a table. */
export interface TableColumn<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly content: (row: Row) => HtmlContent;
  /** The exact value, as the CSV files have it; also what the table is sorted by. */
  readonly value?: (row: Row) => string | number | boolean | null;
}

/** A table. Where it is sortable, its headers are buttons. */
export function drawTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  { caption, sortable = false }: { readonly caption: string; readonly sortable?: boolean },
): Html {
  const classOf = ({ isNumber }: TableColumn<Row>) => html` class="${isNumber ? 'number' : 'text'}"`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${`${caption}, scrollable`}"><table${sortable && html` data-sortable`}>
    <caption>${caption}</caption>
    <thead><tr>${columns.map(
      (column) =>
        html`<th scope="col" ${classOf(column)}>
          ${sortable ? html`<button type="button">${column.title}</button>` : column.title}
        </th>`,
    )}</tr></thead>
    <tbody>${rows.map(
      (row) =>
        html`<tr>
          ${columns.map((column) => {
            const value = column.value?.(row);
            return html`<td${classOf(column)}${value !== undefined && html` data-value="${value === null ? '' : String(value)}"`}>${column.content(row)}</td>`;
          })}
        </tr> `,
    )}</tbody>
  </table></div>`;
}

/** The colours and dashes of lines, in assets/page.css. */
export const colours = 8;

export const colourOf = (place: number): string => `var(--s${place % colours})`;
export const dashOf = (place: number): string =>
  ['none', '6 3', '2 3', '9 3 2 3'][Math.floor(place / colours) % 4]!;
