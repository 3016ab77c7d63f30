import { defaultDataset } from '../data/datasets.js';
import { parseArgs, type ParseArgsConfig } from 'node:util';

export const commands = [
  'run',
  'plan',
  'validate',
  'report',
  'gc',
  'init',
  'schema',
  'setup',
  'doctor',
  'help',
] as const;
export type Command = (typeof commands)[number];

export interface Arguments {
  readonly command: Command;
  readonly files: readonly string[];
  /** `path=value` of each --set, in order. */
  readonly overrides: readonly string[];
  readonly engine: 'auto' | 'cpu' | 'gpu';
  readonly dataDir: string | undefined;
  readonly weightsDir: string | undefined;
  readonly resultsDir: string;
  /** Trials at once; undefined leaves it to the file. */
  readonly concurrency: number | undefined;
  /** Where `plan` saves its cells; undefined: nowhere. */
  readonly csv: string | undefined;
  /** The file whose trials `plan` compares with. */
  readonly diff: string | undefined;
  /** Train also what is finished. */
  readonly force: boolean;
  /** Train also what failed in a way that another attempt is not thought to change. */
  readonly retryFailed: boolean;
  /** Train nothing and write nothing. */
  readonly readOnly: boolean;
  /** `gc` removes what it shows. */
  readonly yes: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

const { title, contents, directoryVariable } = defaultDataset;

export const usage = `Usage: runner FILE.yaml            run an experiment, or go on with it (same as: runner run FILE)
       runner plan FILE            show cells, trials, their state and the time they take; trains nothing
       runner validate FILE…       check files; trains nothing
       runner report FILE          rebuild every output from the journal
       runner gc                   show what in the results folder no experiment refers to; --yes removes it
       runner init [FILE]          write a commented experiment to start from (default: experiment.yaml)
       runner schema               print the JSON schema of experiment files
       runner setup                provision the engine and the data
       runner doctor               show what is there, what is missing and the next command

  --set PATH=VALUE     override a value of the file, as in --set params.epochs=2 (may be repeated)
  --engine NAME        auto (default), cpu or gpu
  --data-dir DIR       ${title}'s ${contents} (also: ${directoryVariable})
  --weights-dir DIR    Keras' ImageNet weight files (also: RUNNER_WEIGHTS_DIR)
  --results-dir DIR    where results go (default: results)
  --concurrency N      trials at once (default: the file's)
  --force              run: train every trial anew, finished or not
  --retry-failed       run: train again also trials that took too long or failed for good
  --read-only          run, report: train and write nothing, show the leaderboard
  --yes                gc: remove what it shows
  --csv FILE           plan: save the cells as CSV
  --diff OTHER.yaml    plan: say which trials both files have, and which only one
  --json               machine-readable output of plan, validate and doctor
  --quiet              only errors and the result
  --help, --version

Exit codes: 0 all trials completed, 1 some failed or diverged, 2 nothing ran, 130 interrupted.
`;

/** The command line cannot be understood. */
export class UsageError extends Error {}

const options = {
  set: { type: 'string', multiple: true },
  engine: { type: 'string' },
  'data-dir': { type: 'string' },
  'weights-dir': { type: 'string' },
  'results-dir': { type: 'string' },
  concurrency: { type: 'string' },
  csv: { type: 'string' },
  diff: { type: 'string' },
  force: { type: 'boolean' },
  'retry-failed': { type: 'boolean' },
  'read-only': { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies ParseArgsConfig['options'];

/** The commands that an option means something to; options that are not here, any. */
const optionOwners: Partial<Record<keyof typeof options, readonly Command[]>> = {
  csv: ['plan'],
  diff: ['plan'],
  force: ['run'],
  'retry-failed': ['run'],
  'read-only': ['run', 'report'],
  yes: ['gc'],
};

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [first, ...others] = positionals;
  const named = commands.find((command) => command === first);
  const command = values.help || first === undefined ? 'help' : (named ?? 'run');
  const files = named ? others : positionals;
  if (!named && first !== undefined && !/\.ya?ml$/i.test(first) && !first.includes('/')) {
    throw new UsageError(`\`${first}\` is neither a command nor a YAML file`);
  }
  checkFiles(command, files);
  for (const [option, owners] of Object.entries(optionOwners)) {
    if (values[option as keyof typeof options] !== undefined && !owners.includes(command))
      throw new UsageError(`--${option} belongs to ${owners.join(' and ')}, not to ${command}`);
  }
  if (values['read-only'] && (values.force || values['retry-failed']))
    throw new UsageError('--read-only trains nothing: leave out --force and --retry-failed, or it');
  return {
    command,
    files,
    overrides: values.set ?? [],
    engine: parseEngine(values.engine),
    dataDir: values['data-dir'],
    weightsDir: values['weights-dir'],
    resultsDir: values['results-dir'] ?? 'results',
    concurrency: parseConcurrency(values.concurrency),
    csv: values.csv,
    diff: values.diff,
    force: values.force ?? false,
    retryFailed: values['retry-failed'] ?? false,
    readOnly: values['read-only'] ?? false,
    yes: values.yes ?? false,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function checkFiles(command: Command, files: readonly string[]): void {
  switch (command) {
    case 'run':
    case 'plan':
    case 'report':
      if (files.length !== 1) throw new UsageError(`${command} takes one file, got ${files.length}`);
      return;
    case 'validate':
      if (files.length === 0) throw new UsageError('validate takes at least one file');
      return;
    case 'init':
      if (files.length > 1) throw new UsageError(`init takes one file at most, got ${files.length}`);
      return;
    case 'gc':
    case 'schema':
    case 'setup':
    case 'doctor':
      if (files.length > 0) throw new UsageError(`${command} takes no file, got \`${files.join(' ')}\``);
      return;
    case 'help':
      return;
  }
}

function parseEngine(value: string | undefined): 'auto' | 'cpu' | 'gpu' {
  if (value === undefined || value === 'auto' || value === 'cpu' || value === 'gpu') return value ?? 'auto';
  throw new UsageError(`--engine: expected auto, cpu or gpu, got \`${value}\``);
}

function parseConcurrency(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(value))
    throw new UsageError(`--concurrency: expected a number from 1, got \`${value}\``);
  return Number(value);
}
