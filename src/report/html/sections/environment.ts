import { count } from '../../../diagnostics/count.js';
import { html } from '../drawing/html.js';
import type { MakeSection } from './section.js';

/** Versions, machine, data, and the file itself: what one needs to do it again. */
export const makeEnvironment: MakeSection = ({ report: { plan }, environment, files }) => {
  const rows = Object.entries(environment ?? {}).filter(([, value]) => value !== null);
  const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    id: 'environment',
    title: 'How it was made',
    lead: 'The machine and the versions of the last run that trained something, the data, and the experiment itself. With the same file, seeds and versions the numbers are the same to the last digit on this kind of machine.',
    content: html`${
        rows.length > 0 &&
        html`<dl>
          ${rows.map(
            ([name, value]) =>
              html`<div>
                <dt>${name}</dt>
                <dd>${show(value)}</dd>
              </div>`,
          )}
        </dl>`
      }
      <dl>
        ${plan.datasets.map(
          ({ title, images, classes, sha256 }) =>
            html`<div>
              <dt>${title}</dt>
              <dd>
                ${count(images.train, 'image')} to
                train${images.val !== null && `, ${images.val} to validate`}${images.test !== null && `, ${images.test} to test`};
                ${classes.length} classes; sha256 ${sha256}
              </dd>
            </div>`,
        )}
        <div>
          <dt>seeds</dt>
          <dd>${plan.seeds.join(', ')}</dd>
        </div>
      </dl>
      ${files.map(
        ({ path, text }) =>
          html`<h3>${path}</h3>
            <div class="scroll" tabindex="0" role="group" aria-label="${path}, scrollable">
              <pre><code>${text}</code></pre>
            </div>`,
      )}`,
  };
};
