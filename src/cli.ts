import { inspect } from 'node:util';
import { parseArguments, UsageError, type Arguments } from './commands/arguments.js';
import { checkFolders } from './commands/check-folders.js';
import { InterruptedError } from './commands/interruptible.js';
import { commandNames, commands } from './commands/options.js';
import { programVersion } from './system/program-version.js';
import { describeCommandUsage, describeUsage } from './commands/usage.js';
import { summarizeProblems } from './diagnostics/file-problem.js';
import { describeProblem, problemToJson } from './diagnostics/problem.js';
import { RunnerError } from './diagnostics/runner-error.js';
import { isStandardInput, shownPath } from './system/descriptor-path.js';

/** Exit codes: 0 done, 1 some trials failed or diverged, 2 nothing ran, 130 interrupted, 70 an error of ours. */
async function main(argv: readonly string[]): Promise<number> {
  let args: Arguments | undefined;
  try {
    args = parseArguments(argv);
    if (args.version) return print(`${programVersion().version}\n`);
    if (args.help === 'program') return print(describeUsage());
    if (args.help !== null) return print(describeCommandUsage(args.help));
    await checkFolders(args);
    announceStandardInput(args);
    return await execute(args);
  } catch (error) {
    const json = args?.json ?? argv.includes('--json');
    if (error instanceof UsageError) {
      if (json) return printProblems([usageProblem(error)], 2);
      const command = args?.command ?? commandNames.find((name) => name === argv[0]);
      process.stderr.write(
        `error[usage]: ${error.message}\n  = next: \`runner ${command ? `${command} ` : ''}--help\`\n`,
      );
      return 2;
    }
    if (error instanceof RunnerError) {
      if (json) return printProblems(error.problems.map(problemToJson), error.exitCode);
      process.stderr.write(
        `${describeProblems(error, args?.from === undefined ? (args?.files ?? []) : [args.from])}\n`,
      );
      return error.exitCode;
    }
    if (error instanceof InterruptedError) {
      process.stderr.write('Interrupted. The finished trials are kept; the same command continues.\n');
      return 130;
    }
    // inspect shows the stack and the chain of causes
    process.stderr.write(`internal error (not your file's fault; please report it):\n${inspect(error)}\n`);
    return 70;
  }
}

/** Whoever names `-` at a terminal is waited for. */
function announceStandardInput({ command, files, diff }: Arguments): void {
  const read = commands[command].files.startsWith('FILE')
    ? [...(command === 'export' ? files.slice(0, 1) : files), ...(diff === undefined ? [] : [diff])]
    : [];
  if (read.some(isStandardInput) && process.stdin.isTTY)
    process.stderr.write('Reading the experiment from standard input; Ctrl-D ends it.\n');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function printProblems(problems: readonly object[], exitCode: number): number {
  process.stdout.write(`${JSON.stringify({ problems }, null, 2)}\n`);
  return exitCode;
}

const usageProblem = ({ message }: UsageError) => ({
  reason: 'usage',
  path: null,
  line: null,
  column: null,
  endLine: null,
  endColumn: null,
  message,
  notes: [],
});

/** Each command is loaded when it is called for: `plan` needs no queue and no board. */
async function execute(args: Arguments): Promise<number> {
  switch (args.command) {
    case 'run':
      return (await import('./commands/run.js')).run(args);
    case 'plan':
      return (await import('./commands/plan.js')).plan(args);
    case 'validate':
      return (await import('./commands/validate.js')).validate(args);
    case 'report':
      return (await import('./commands/report.js')).report(args);
    case 'status':
      return (await import('./commands/status.js')).status(args);
    case 'export':
      return (await import('./commands/export.js')).exportTable(args);
    case 'predict':
      return (await import('./commands/predict.js')).predict(args);
    case 'cancel':
      return (await import('./commands/cancel.js')).cancel(args);
    case 'gc':
      return (await import('./commands/gc.js')).gc(args);
    case 'init':
      return (await import('./commands/init.js')).init(args);
    case 'schema':
      return (await import('./commands/schema.js')).schema();
    case 'setup':
      return (await import('./commands/setup.js')).setup(args);
    case 'doctor':
      return (await import('./commands/doctor.js')).doctor(args);
    case 'help':
      return print(describeUsage()); // parseArguments has asked for it by `help`
  }
}

function describeProblems({ problems }: RunnerError, files: readonly string[]): string {
  const texts = problems.map(describeProblem);
  const inFile = problems.filter((problem) => problem.kind === 'file');
  if (inFile.length > 0) texts.push(summarizeProblems(inFile, files.map(shownPath).join(', ')));
  return texts.join('\n\n');
}

// A reader that has gone (`| head`), or a terminal that was closed, ends no run.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });

// The code is set, not forced by process.exit: what is still on its way to a pipe arrives.
process.exitCode = await main(process.argv.slice(2));
