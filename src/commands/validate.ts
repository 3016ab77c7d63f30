import { RunnerError } from '../diagnostics/runner-error.js';
import { problemToJson, type Problem } from '../diagnostics/problem.js';
import { shownPath } from '../system/descriptor-path.js';
import type { Arguments } from './arguments.js';
import { loadPlan } from './load-plan.js';
import { showHints } from './show-hints.js';
import { count } from '../diagnostics/count.js';

/** Checks files and everything they expand to. Loads no tensor library. */
export async function validate(args: Arguments): Promise<number> {
  const problems: Problem[] = [];
  for (const file of args.files) {
    try {
      const plan = await loadPlan(file, args);
      const { cells, trials, arithmetic } = plan;
      const fewest = cells.length * arithmetic.fewestSeeds; // of a running design
      const range = fewest < trials.length ? `${fewest} to ` : '';
      showHints(plan, file, args);
      if (!args.quiet && !args.json)
        process.stdout.write(
          `${shownPath(file)}: valid, ${count(cells.length, 'cell')}, ${range}${count(trials.length, 'trial')}\n`,
        );
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (args.json)
    process.stdout.write(
      `${JSON.stringify({ valid: problems.length === 0, problems: problems.map(problemToJson) }, null, 2)}\n`,
    );
  else if (problems.length > 0) throw new RunnerError(problems);
  return problems.length > 0 ? 2 : 0;
}
