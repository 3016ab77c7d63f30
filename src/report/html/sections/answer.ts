import { count } from '../../../diagnostics/count.js';
import { describeComparison } from '../../text/describe-comparison.js';
import { metricTitles, nameOfCell, showValue } from '../drawing/cells.js';
import { html } from '../drawing/html.js';
import type { MakeSection } from './section.js';

/** The question, and what the seeds say. */
export const makeAnswer: MakeSection = ({ report, dataNotes }) => {
  const { plan, comparisons, leaderboard, needed, results, misses } = report;
  const [best] = leaderboard;
  const missing = needed.size - results.length;
  const sentences = comparisons.map(
    (comparison) =>
      html`<li class="verdict ${comparison.verdict}">
        ${capitalize(describeComparison(comparison, plan))}.
      </li>`,
  );
  const top =
    best && best.mean !== null
      ? html`<p>
          First in the leaderboard: <strong>${nameOfCell(best.cell, plan)}</strong>, mean
          ${metricTitles[plan.metric.name]} ${showValue(best.mean)} on the validation images over
          ${count(best.n, 'seed')}.
        </p>`
      : null;
  const state =
    missing > 0
      ? html`<p class="open">
          ${count(missing, 'trial')} of ${needed.size} not finished: what follows is of the others.
        </p>`
      : html`<p>
          ${count(results.length, 'trial')},
          ${misses.length === 0 ? 'all with a result' : `${misses.length} without a result`}.
        </p>`;
  return {
    id: 'answer',
    title: 'Question and answer',
    lead: plan.description || 'The file has no `description`, which would be the question.',
    content: html`${
      sentences.length > 0
        ? html`<ul class="verdicts">
            ${sentences}
          </ul>`
        : html`<p>The file has no <code>compare</code>, so there is no verdict.</p>`
    }${top}${state}${
      dataNotes.length > 0 &&
      html`<details class="notes" open>
        <summary>What one should know of the images</summary>
        <ul>
          ${dataNotes.map((note) => html`<li>${note}</li>`)}
        </ul>
      </details>`
    }`,
  };
};

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
