import { count } from '../../diagnostics/count.js';
import { readFile } from 'node:fs/promises';
import { Html, html } from './drawing/html.js';
import type { MakeSection, PageInput } from './sections/section.js';
import { makeAnswer } from './sections/answer.js';
import { makeAugmentations } from './sections/augmentations.js';
import { makeAxes } from './sections/axes.js';
import { makeClasses } from './sections/classes.js';
import { makeCost } from './sections/cost.js';
import { makeCurves } from './sections/curves.js';
import { makeDifferences } from './sections/differences.js';
import { makeEnvironment } from './sections/environment.js';
import { makeFailures } from './sections/failures.js';
import { makeImages } from './sections/images.js';
import { makeLeaderboard } from './sections/leaderboard.js';
import { makeSeeds } from './sections/seeds.js';

/** In the order of reading: the answer, what it rests on, what may be wrong with it, how it was made. */
const sections: readonly MakeSection[] = [
  makeAnswer,
  makeDifferences,
  makeLeaderboard,
  makeCurves,
  makeAxes,
  makeSeeds,
  makeClasses,
  makeImages,
  makeAugmentations,
  makeCost,
  makeFailures,
  makeEnvironment,
];

const asset = (name: string) => readFile(new URL(`assets/${name}`, import.meta.url), 'utf8');

/** Seconds between two readings of a page while trials are trained. */
const refreshSeconds = 20;

/**
 * report.html: one file with everything in it, nothing fetched. A pure function of its input, so that a page made again is
 * byte-identical.
 */
export async function renderPage(input: PageInput): Promise<string> {
  const { plan } = input.report;
  const [css, script] = await Promise.all([asset('page.css'), asset('page.js')]);
  const made = sections.flatMap((make) => make(input) ?? []);
  const { text } = html`<!doctype html>
    <html
      lang="en"
      ${input.running && html` data-running="${refreshSeconds}" data-written="${input.running.at}"`}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${plan.name}: report</title>
        <style>
          ${new Html(css)}
        </style>
      </head>
      <body>
        <a class="skip" href="#answer">To the answer</a>
        <header>
          <h1>${plan.name}</h1>
          ${
            input.running &&
            html`<p class="running" role="status">
              Trials are being trained. This page was written at
              <time datetime="${input.running.at}"
                >${input.running.at.replace('T', ' ').slice(0, 19)} UTC</time
              >
              and reads itself again every ${count(refreshSeconds, 'second')}.
              <button type="button" data-pause>Pause</button>
            </p>`
          }
          <nav aria-label="Sections">
            <ul>
              ${made.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          ${made.map(
            ({ id, title, lead, content }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${title}</h2>
                <p class="lead">${lead}</p>
                ${content}
              </section> `,
          )}
        </main>
        <footer>
          <p>
            Made by runner from the journal of this experiment; the same numbers are in the CSV files beside
            it.
          </p>
        </footer>
        <script type="module">
          ${new Html(script)};
        </script>
      </body>
    </html> `;
  return text;
}
