import { sep } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { suggest } from '../diagnostics/suggest.js';
import { code, joinWords } from '../diagnostics/wording.js';
import { isStandardOutput } from '../system/descriptor-path.js';
import { expandHome } from '../system/expand-home.js';
import { commandNames, commands, optionNames, optionOf, type Command, type OptionName } from './options.js';

export interface Arguments {
  readonly command: Command;
  readonly files: readonly string[];
  /** `path=value` of each --set, in order. */
  readonly overrides: readonly string[];
  readonly engine: 'auto' | 'wasm' | 'cpu' | 'gpu';
  readonly dataDir: string | undefined;
  readonly weightsDir: string | undefined;
  /** Where `setup` puts what the machines of a cluster share; undefined: into the user's cache. */
  readonly shared: string | undefined;
  readonly resultsDir: string;
  /** Trials at once; undefined leaves it to the file. */
  readonly concurrency: number | undefined;
  /** Where trials are trained: a name of src/run/executors. */
  readonly executor: string;
  /** Of a table that `export` saves; undefined: as the file's name says. */
  readonly format: 'csv' | 'parquet' | undefined;
  /** `report` prints Markdown. */
  readonly markdown: boolean;
  /** Where event files for TensorBoard go; undefined: nowhere. */
  readonly tensorboard: string | undefined;
  /** The machine profile; undefined: none. */
  readonly machine: string | undefined;
  /** Return when a cluster has the trials. */
  readonly detach: boolean;
  /** `status` goes on while something trains. */
  readonly watch: boolean;
  /** Where `plan` saves its cells, `-` for standard output; undefined: nowhere. */
  readonly csv: string | undefined;
  /** The file whose trials `plan` compares with. */
  readonly diff: string | undefined;
  /** The images for which `init` writes an experiment. */
  readonly from: string | undefined;
  /** Train also what is finished. */
  readonly force: boolean;
  /** Train also what failed in a way that another attempt is not thought to change. */
  readonly retryFailed: boolean;
  /** Open report.html at the end. */
  readonly open: boolean;
  /** Train nothing and write nothing. */
  readonly readOnly: boolean;
  /** Which packs `gc` shows instead of what is in the results folder; undefined: none. */
  readonly packs: string | undefined;
  /** `gc` removes what it shows. */
  readonly yes: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Show the usage of the command, or of the whole program, and do nothing else. */
  readonly help: 'program' | Command | null;
  /** Print the version and do nothing else. */
  readonly version: boolean;
}

/** The command line cannot be understood. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, sets, positionals } = readTokens(args);
  const named = commandNames.find((name) => name === positionals[0]);
  const command = named ?? (positionals.length === 0 ? 'help' : 'run');
  const files = (named ? positionals.slice(1) : positionals).map((file) =>
    command === 'help' ? file : expandPath(file, 'a file'),
  );
  const given = (name: OptionName): boolean => values.has(name);
  const read = {
    command,
    files,
    overrides: sets,
    engine: parseEngine(values.get('engine')),
    dataDir: pathOf('data-dir', values),
    weightsDir: pathOf('weights-dir', values),
    shared: pathOf('shared', values),
    resultsDir: pathOf('results-dir', values) ?? 'results',
    concurrency: parseConcurrency(values.get('concurrency')),
    format: parseFormat(values.get('format')),
    markdown: given('markdown'),
    tensorboard: pathOf('tensorboard', values),
    executor: values.get('executor') ?? (given('machine') ? 'slurm' : 'local'),
    machine: values.get('machine'),
    detach: given('detach'),
    watch: given('watch'),
    csv: pathOf('csv', values),
    diff: pathOf('diff', values),
    from: pathOf('from', values),
    force: given('force'),
    retryFailed: given('retry-failed'),
    open: given('open'),
    readOnly: given('read-only'),
    packs: values.get('packs'),
    yes: given('yes'),
    json: given('json'),
    quiet: given('quiet'),
    help: null,
    version: given('version'),
  } as const satisfies Arguments;
  if (read.version) return read;
  if (!named && positionals.length > 0) checkIsFile(positionals[0]!);
  if (given('help'))
    return { ...read, help: command === 'help' ? commandToExplain(files) : (named ?? 'program') };
  checkOwners(command, values, named !== undefined);
  if (command === 'help') return { ...read, help: commandToExplain(files) };
  checkFiles(command, positionals.slice(named ? 1 : 0), given('set'));
  checkTogether(read);
  return read;
}

interface Tokens {
  /** The last value of each option that is given; an empty text where it takes none. */
  readonly values: ReadonlyMap<OptionName, string>;
  readonly sets: readonly string[];
  readonly positionals: readonly string[];
}

function readTokens(args: readonly string[]): Tokens {
  const config = Object.fromEntries(
    optionNames.map((name) => {
      const { type, short } = optionOf(name);
      return [name, short === undefined ? { type } : { type, short }];
    }),
  ) satisfies ParseArgsConfig['options'];
  // Not strict: the library's own errors suggest nothing, and name its own way out.
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<OptionName, string>();
  const sets: string[] = [];
  const positionals: string[] = [];
  const literalFrom = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? Infinity;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (/^[‐-―−]/.test(token.value) && token.index < literalFrom) throw unknownOption(token.value);
      positionals.push(token.value);
    }
    if (token.kind !== 'option') continue;
    const name = optionNames.find((known) => known === token.name);
    if (!name) throw unknownOption(args[token.index]!);
    const { type } = optionOf(name);
    if (type === 'boolean' && token.inlineValue)
      throw new UsageError(`--${name} takes no value, got ${code(token.value)}`);
    if (type === 'string' && token.value === undefined) throw missingValue(name);
    if (type === 'string' && !token.inlineValue && /^-./.test(token.value!))
      throw missingValue(name, token.value);
    values.set(name, token.value ?? '');
    if (name === 'set') sets.push(token.value!);
  }
  return { values, sets, positionals };
}

function unknownOption(argument: string): UsageError {
  // `-json`, and the long dashes that word processors make of two hyphens, are options too.
  const word = argument.replace(/^[-‐-―−]+/, '').replace(/=.*/s, '');
  const nearest = optionNames.find((name) => name === word) ?? suggest(word, optionNames);
  const hint =
    nearest === null ? '; `runner --help` lists the options' : `: did you mean ${code(`--${nearest}`)}?`;
  return new UsageError(`${code(argument.replace(/=.*/s, ''))} is not an option${hint}`);
}

function missingValue(name: OptionName, next?: string): UsageError {
  const { value } = optionOf(name);
  const got =
    next === undefined
      ? ''
      : `; got ${code(next)}, which begins with a dash (as a value it is written ${code(`--${name}=${next}`)})`;
  return new UsageError(`--${name} needs a value: --${name} ${value}${got}`);
}

/** An option's path; undefined where it is not given. */
function pathOf(name: OptionName, values: ReadonlyMap<OptionName, string>): string | undefined {
  const value = values.get(name);
  return value === undefined ? undefined : expandPath(value, `--${name}`);
}

/**
 * `~` and `~/…` as a shell has them: bash leaves `--csv=~/cells.csv` to the program. `~ada` is refused: the home folders
 * of others are not known here, and a folder of that name is hardly meant.
 */
function expandPath(path: string, whose: string): string {
  if (path === '') throw new UsageError(`${whose}: the path is empty`);
  if (!path.startsWith('~')) return path;
  const expanded = expandHome(path);
  if (expanded !== null) return expanded;
  throw new UsageError(
    `${whose}: ${code(path)} is not expanded, only \`~\` and \`~/…\` are; write the full path, or ${code(`./${path}`)} for a file of that name`,
  );
}

function commandToExplain(files: readonly string[]): 'program' | Command {
  const [name] = files;
  if (name === undefined) return 'program';
  const found = commandNames.find((command) => command === name);
  if (found) return found;
  throw new UsageError(`${code(name)} is not a command${didYouMeanCommand(name)}`);
}

/** Without a command, the first word is a file: it looks like one, or it is a mistyped command. */
function checkIsFile(word: string): void {
  if (word === '-' || /\.ya?ml$/i.test(word) || word.includes('/') || word.includes(sep)) return;
  throw new UsageError(`${code(word)} is neither a command nor a YAML file${didYouMeanCommand(word)}`);
}

function didYouMeanCommand(word: string): string {
  const nearest = suggest(word, commandNames);
  return nearest === null
    ? `; commands: ${commandNames.join(', ')}`
    : `: did you mean ${code(`runner ${nearest}`)}?`;
}

function checkOwners(command: Command, values: ReadonlyMap<OptionName, string>, isNamed: boolean): void {
  for (const name of values.keys()) {
    const { commands: owners } = optionOf(name);
    if (owners.includes(command)) continue;
    if (command === 'help' && !isNamed) throw new UsageError(`--${name} needs a command or a file`);
    throw new UsageError(`--${name} belongs to ${joinWords(owners, 'and')}, not to ${command}`);
  }
}

function checkFiles(command: Command, files: readonly string[], hasSet: boolean): void {
  const takes = commands[command].files;
  const [least, most] = {
    '': [0, 0],
    FILE: [1, 1],
    'FILE [OUT]': [1, 2],
    '[FILE]': [0, 1],
    '[COMMAND]': [0, 1],
    'FILE…': [1, Infinity],
    'MODEL IMAGE…': [2, Infinity],
  }[takes] as [number, number];
  if (files.length >= least && files.length <= most) return;
  if (takes === 'MODEL IMAGE…')
    throw new UsageError(
      `${command} needs a model and images, such as \`runner ${command} results/NAME photo.jpg\``,
    );
  if (files.length < least)
    throw new UsageError(`${command} needs a file, such as \`runner ${command} experiment.yaml\``);
  const misplaced = files.find((file) => commandNames.includes(file as Command));
  const hint =
    misplaced !== undefined && command === 'run'
      ? `; the command comes first: ${code(`runner ${misplaced} ${files.find((file) => file !== misplaced) ?? 'FILE'}`)}`
      : hasSet
        ? '; a --set with spaces is written in quotes'
        : '';
  const taken = ['no file', 'one file', 'an experiment and one file to write'][most]!;
  throw new UsageError(`${command} takes ${taken}, got ${files.map(code).join(', ')}${hint}`);
}

function checkTogether(args: Arguments): void {
  const { readOnly, force, retryFailed, tensorboard, markdown, watch, csv, json } = args;
  if (args.machine !== undefined && args.executor === 'local')
    throw new UsageError('--machine is for a cluster, so it cannot be used with --executor local');
  if (readOnly && tensorboard !== undefined)
    throw new UsageError('--read-only writes nothing, so it cannot be used with --tensorboard');
  if (markdown && json)
    throw new UsageError('--markdown and --json are two forms of the report; leave one out');
  if (watch && json)
    throw new UsageError(
      '--json is one document, so it cannot be used with --watch; events.jsonl in the results is what programs follow',
    );
  if (readOnly && (force || retryFailed))
    throw new UsageError('--read-only trains nothing, so it cannot be used with --force or --retry-failed');
  if (csv !== undefined && isStandardOutput(csv) && json)
    throw new UsageError('--csv - and --json both need standard output; leave one out');
}

function parseEngine(value = 'auto'): Arguments['engine'] {
  if (value === 'auto' || value === 'wasm' || value === 'cpu' || value === 'gpu') return value;
  throw new UsageError(`--engine: expected auto, wasm, cpu or gpu, got ${code(value)}`);
}

function parseFormat(value: string | undefined): Arguments['format'] {
  if (value === undefined || value === 'csv' || value === 'parquet') return value;
  throw new UsageError(`--format: expected csv or parquet, got ${code(value)}`);
}

function parseConcurrency(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(value))
    throw new UsageError(`--concurrency: expected a whole number from 1 to 9999, got ${code(value)}`);
  return Number(value);
}
