import { describeOutcome } from '../../text/describe-outcome.js';
import { html } from '../drawing/html.js';
import type { MakeSection } from './section.js';

/** More lines than this are no help; trials.csv has them all. */
const mostLines = 200;

/** Trials that failed or diverged, with cause and log. */
export const makeFailures: MakeSection = ({ report: { misses } }) => {
  if (misses.length === 0) return null;
  const hidden = misses.length - mostLines;
  return {
    id: 'failures',
    title: 'Without a result',
    lead: `Trials that failed or diverged, and why. A divergence is a finding about the setting; a failure is trained again by the next run, or with --retry-failed.${hidden > 0 ? ` ${hidden} more are in trials.csv.` : ''}`,
    content: html`<ul class="failures">
      ${misses.slice(0, mostLines).map(({ trial, outcome }) => html`<li>${describeOutcome(trial, outcome)}</li>`)}
    </ul>`,
  };
};
