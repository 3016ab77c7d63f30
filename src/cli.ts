import { inspect } from 'node:util';
import { describeProblem } from './diagnostics/problem.js';
import { RunnerError } from './diagnostics/runner-error.js';
import { summarizeProblems } from './diagnostics/file-problem.js';
import { doctor } from './commands/doctor.js';
import { parseArguments, usage, UsageError, type Arguments } from './commands/arguments.js';
import { plan } from './commands/plan.js';
import { report } from './commands/report.js';
import { run } from './commands/run.js';
import { setup } from './commands/setup.js';
import { validate } from './commands/validate.js';

/** Exit codes: 0 done, 1 some trials failed or diverged, 2 nothing ran, 130 interrupted, 70 an error of ours. */
async function main(argv: readonly string[]): Promise<number> {
  let args: Arguments | undefined;
  try {
    args = parseArguments(argv);
    return await execute(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`error[usage]: ${error.message}\n\n${usage}`);
      return 2;
    }
    if (error instanceof RunnerError) {
      process.stderr.write(`${describeProblems(error, args?.files ?? [])}\n`);
      return 2;
    }
    // inspect shows the stack and the chain of causes
    process.stderr.write(`internal error (not your file's fault; please report it):\n${inspect(error)}\n`);
    return 70;
  }
}

function execute(args: Arguments): Promise<number> {
  switch (args.command) {
    case 'run':
      return run(args);
    case 'plan':
      return plan(args);
    case 'validate':
      return validate(args);
    case 'report':
      return report(args);
    case 'setup':
      return setup(args);
    case 'doctor':
      return doctor(args);
    case 'help':
      process.stdout.write(usage);
      return Promise.resolve(0);
  }
}

function describeProblems({ problems }: RunnerError, files: readonly string[]): string {
  const texts = problems.map(describeProblem);
  const inFile = problems.filter((problem) => problem.kind === 'file');
  if (inFile.length > 0) texts.push(summarizeProblems(inFile, files.join(', ')));
  return texts.join('\n\n');
}

// The code is set, not forced by process.exit: what is still on its way to a pipe arrives.
process.exitCode = await main(process.argv.slice(2));
