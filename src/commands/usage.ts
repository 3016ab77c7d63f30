import { exitMeanings } from './exit-codes.js';
import {
  commandNames,
  commands,
  optionNames,
  optionOf,
  optionsOf,
  type Command,
  type OptionName,
} from './options.js';

const exitCodes = `Exit codes: ${Object.entries(exitMeanings)
  .map(([exitCode, meaning]) => `${exitCode} ${meaning}`)
  .join(', ')}.`;

/** What `runner --help` prints. */
export function describeUsage(): string {
  const rows = commandNames.map((name) => [synopsisOf(name), commands[name].does] as const);
  return [
    ...columns(rows).map((row, index) => `${index === 0 ? 'Usage: ' : '       '}${row}`),
    '',
    'FILE is an experiment in YAML; - reads it from standard input. `runner FILE` is `runner run FILE`.',
    '`runner COMMAND --help` lists the options that a command takes.',
    '',
    ...describeOptions(optionNames, true),
    '',
    exitCodes,
    '',
  ].join('\n');
}

/** What `runner COMMAND --help` prints. */
export function describeCommandUsage(command: Command): string {
  const does = commands[command].does;
  return [
    `Usage: ${synopsisOf(command)} [options]`,
    `${does[0]!.toUpperCase()}${does.slice(1)}.`,
    '',
    ...describeOptions(optionsOf(command), false),
    '',
  ].join('\n');
}

const synopsisOf = (command: Command): string => `runner ${command} ${commands[command].files}`.trimEnd();

/** Among all options, one of few commands begins with their names. */
function describeOptions(names: readonly OptionName[], withCommands: boolean): string[] {
  return columns(
    names.map((name) => {
      const { value, short, commands: owners, does } = optionOf(name);
      const flags = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
      const named = withCommands && owners.length <= 2 ? `${owners.join(', ')}: ` : '';
      return [flags, `${named}${does}`];
    }),
  ).map((row) => `  ${row}`);
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
