import { defaultDataset } from '../data/datasets.js';

/** What each command takes as its files, and does. The order is that of the usage. */
export const commands = {
  run: { files: 'FILE', does: 'run an experiment, or continue it' },
  plan: { files: 'FILE', does: 'show cells, trials, their state and the time they take; train nothing' },
  validate: { files: 'FILE…', does: 'check files; train nothing' },
  report: { files: 'FILE', does: 'write every output again from the journal' },
  status: {
    files: 'FILE',
    does: 'show how far a sweep is, also while another terminal runs it; write nothing',
  },
  export: {
    files: 'FILE [OUT]',
    does: 'save one table of all trials and epochs as CSV or Parquet (default: CSV to standard output)',
  },
  predict: {
    files: 'MODEL IMAGE…',
    does: 'show what a saved model (or the best one in results/NAME) takes images for',
  },
  cancel: { files: 'FILE', does: 'end what a cluster trains of an experiment, or has in its queue' },
  gc: { files: '', does: 'list what no experiment of the results folder refers to; --yes removes it' },
  init: {
    files: '[FILE]',
    does: 'write a commented experiment to start from (default: experiment.yaml)',
  },
  schema: { files: '', does: 'print the JSON schema of experiment files' },
  setup: {
    files: '[FILE]',
    does: 'download and build the engine, download the data; of FILE, all that its trials need',
  },
  doctor: { files: '', does: 'show what is installed, what is missing and the next command' },
  help: { files: '[COMMAND]', does: 'show this, or the options of a command' },
} as const;

export type Command = keyof typeof commands;
export const commandNames = Object.keys(commands) as readonly Command[];

interface Option {
  readonly type: 'string' | 'boolean';
  /** Of a value: its name in the usage. */
  readonly value?: string;
  /** The value is a path: never empty, and `~` is the home folder. */
  readonly path?: true;
  readonly multiple?: true;
  readonly short?: string;
  /** The commands that it means something to; every other one refuses it. */
  readonly commands: readonly Command[];
  readonly does: string;
}

const { title, contents, directoryVariable } = defaultDataset;

const planning = ['run', 'plan', 'validate', 'report', 'status', 'cancel'] as const;

/** Every option, its commands and its text: what is parsed, refused and shown follows from this table. */
export const options = {
  set: {
    type: 'string',
    multiple: true,
    value: 'PATH=VALUE',
    commands: [...planning, 'export'],
    does: 'override a value of the file, as in --set params.epochs=2 (may be repeated)',
  },
  engine: {
    type: 'string',
    value: 'NAME',
    commands: [...planning, 'export', 'predict', 'setup', 'doctor'],
    does: 'auto (default), wasm, cpu or gpu',
  },
  'data-dir': {
    type: 'string',
    value: 'DIR',
    path: true,
    commands: ['run', 'setup', 'doctor'],
    does: `${title}'s ${contents} (also: ${directoryVariable})`,
  },
  shared: {
    type: 'string',
    value: 'DIR',
    path: true,
    commands: ['setup'],
    does: 'provide them in a folder that the machines of a cluster share, for every kind of processor',
  },
  'weights-dir': {
    type: 'string',
    value: 'DIR',
    path: true,
    commands: [...planning, 'export', 'setup', 'doctor'],
    does: "Keras' ImageNet weight files (also: RUNNER_WEIGHTS_DIR)",
  },
  'results-dir': {
    type: 'string',
    value: 'DIR',
    path: true,
    commands: ['run', 'plan', 'report', 'status', 'export', 'cancel', 'gc'],
    does: 'where results go (default: results)',
  },
  concurrency: {
    type: 'string',
    value: 'N',
    commands: ['run'],
    does: 'trials at the same time (default: what the file says)',
  },
  executor: {
    type: 'string',
    value: 'NAME',
    commands: ['run'],
    does: 'where trials are trained: local (default, processes on this machine) or slurm',
  },
  machine: {
    type: 'string',
    value: 'NAME',
    commands: ['run'],
    does: 'the machine profile by which a cluster is used, of machines.yaml in the configuration',
  },
  detach: {
    type: 'boolean',
    commands: ['run'],
    does: 'return when the cluster has the trials; the same command without it follows them',
  },
  force: { type: 'boolean', commands: ['run'], does: 'train every trial again, finished or not' },
  'retry-failed': {
    type: 'boolean',
    commands: ['run'],
    does: 'also train again what took too long or failed for good',
  },
  'read-only': {
    type: 'boolean',
    commands: ['run', 'report'],
    does: 'show the leaderboard; train and write nothing',
  },
  format: {
    type: 'string',
    value: 'NAME',
    commands: ['export'],
    does: 'csv or parquet (default: what the name of OUT ends with)',
  },
  markdown: {
    type: 'boolean',
    commands: ['report'],
    does: 'print the report in Markdown, for a README or a pull request',
  },
  tensorboard: {
    type: 'string',
    value: 'DIR',
    path: true,
    commands: ['run', 'report'],
    does: 'also write event files for TensorBoard, one folder per trial',
  },
  watch: { type: 'boolean', commands: ['status'], does: 'go on showing it while something trains' },
  open: { type: 'boolean', commands: ['run', 'report'], does: 'open report.html in the browser at the end' },
  csv: {
    type: 'string',
    value: 'FILE',
    path: true,
    commands: ['plan'],
    does: 'save the cells as CSV (-: to standard output, the rest to standard error)',
  },
  diff: {
    type: 'string',
    value: 'OTHER',
    path: true,
    commands: ['plan'],
    does: 'show which trials both files have, and which only one has',
  },
  from: {
    type: 'string',
    value: 'PATH',
    path: true,
    commands: ['init'],
    does: 'write it for these images: a folder of classes, of IDX files, or a CSV file',
  },
  packs: {
    type: 'string',
    value: 'WHICH',
    commands: ['gc'],
    does: 'list decoded images in the cache instead: all, or those of a data set by its name or place',
  },
  yes: { type: 'boolean', commands: ['gc'], does: 'remove what is listed' },
  json: {
    type: 'boolean',
    commands: [...planning, 'predict', 'gc', 'doctor'],
    does: 'print one JSON document, problems included',
  },
  quiet: { type: 'boolean', commands: commandNames, does: 'print errors and the result only' },
  help: { type: 'boolean', short: 'h', commands: commandNames, does: 'show this' },
  version: { type: 'boolean', short: 'V', commands: commandNames, does: 'print the version' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;
export const optionNames = Object.keys(options) as readonly OptionName[];

/** As the table's entries are read: with every field. */
export const optionOf = (name: OptionName): Option => options[name];

export const optionsOf = (command: Command): readonly OptionName[] =>
  optionNames.filter((name) => optionOf(name).commands.includes(command));
