/**
 * How often the answers are false, by simulation with this program's own statistics:
 *
 *     npm run honesty                  # about a minute
 *     npm run honesty -- 2000 7        # so many paths, drawn with seed 7
 *
 * docs/statistics.md quotes it. A share p of n paths has a standard error of √(p (1 − p)/n).
 */
import { scenarios, tryDesign } from './honesty/designs.js';
import { countFalseAnswers } from './honesty/false-answers.js';
import { nullLaws, skewedLaws, type Law } from './honesty/laws.js';

const [pathsText = '20000', seedText = '2017'] = process.argv.slice(2);
if (![pathsText, seedText].every((text) => /^[1-9]\d{0,8}$/.test(text))) {
  console.error(`npm run honesty -- PATHS SEED wants two whole numbers, not ${pathsText} and ${seedText}`);
  process.exit(2);
}
const [paths, seed] = [Number(pathsText), Number(seedText)];
const runs = Math.ceil(paths / 4);

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function printTable(titles: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n| ${titles.join(' | ')} |`);
  console.log(`|${titles.map(() => '---|').join('')}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

function printFalseAnswers(laws: readonly Law[]): void {
  const titles = [
    'differences, mean 0',
    't test, one look at 10',
    't test, looks at 6, 8, 10, 12',
    't test, every look 6 to 30',
    'runner, every look 6 to 40',
    'interval holds 0 at every look',
  ];
  const rows = laws.map((law) => {
    const { oneLook, fourLooks, everyLook, anytime, coverage } = countFalseAnswers(law, paths, seed);
    return [law.name, ...[oneLook, fourLooks, everyLook, anytime, coverage].map(percent)];
  });
  printTable(titles, rows);
}

console.log(
  `${paths} paths a row, seed ${seed}; a share of 5 % has a standard error of ${percent(Math.sqrt((0.05 * 0.95) / paths))}`,
);
console.log('\nThe setting changes nothing: the claim of at most 5 % covers these.');
printFalseAnswers(nullLaws);
console.log('\nEqual means, other shapes: the claim does not cover these.');
printFalseAnswers(skewedLaws);

console.log(
  `\nThree cells and a baseline, seeds until decided, 6 to 40, ${runs} runs a row; margin and effects in standard deviations of the differences.`,
);
printTable(
  [
    'margin',
    'true effects',
    'decided',
    'any false better or worse',
    'any false equivalent',
    'seeds a comparison',
    'trials',
    'trials of the smallest fixed design that decides as many',
  ],
  scenarios.map((scenario) => {
    const result = tryDesign(scenario, runs, seed);
    const { margin, effects, decided, falseDifferences, falseEquivalences, oracleTrials } = result;
    return [
      String(margin),
      effects.join(', '),
      percent(decided),
      percent(falseDifferences),
      percent(falseEquivalences),
      result.seeds.toFixed(1),
      result.trials.toFixed(0),
      oracleTrials === null ? 'more than 160' : String(oracleTrials),
    ];
  }),
);
