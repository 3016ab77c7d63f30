import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseArguments, UsageError } from '../../src/commands/arguments.js';
import { commandNames, commands, optionNames, optionOf, optionsOf } from '../../src/commands/options.js';
import { describeCommandUsage, describeUsage } from '../../src/commands/usage.js';

/** What the user is told. */
function refusal(...args: readonly string[]): string {
  try {
    parseArguments(args);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`${args.join(' ')} is accepted`);
}

const given = (command: string, ...flags: readonly string[]): string[] => [
  command,
  ...(commands[command as keyof typeof commands].files.startsWith('FILE') ? ['tiny.yaml'] : []),
  ...(command === 'predict' ? ['results/tiny', 'photo.jpg'] : []),
  ...flags,
];
const flagOf = (name: (typeof optionNames)[number]): string[] => {
  const values: Partial<Record<string, string>> = { engine: 'cpu', concurrency: '2', format: 'csv' };
  return optionOf(name).type === 'boolean' ? [`--${name}`] : [`--${name}`, values[name] ?? 'x=1'];
};

describe('an option of another command', () => {
  const pairs = commandNames.flatMap((command) => optionNames.map((name) => ({ command, name })));
  const owned = pairs.filter(({ command, name }) => optionOf(name).commands.includes(command));

  test.each(pairs.filter((pair) => !owned.includes(pair)))(
    '$command refuses --$name, and names the commands that take it',
    ({ command, name }) => {
      const owners = optionOf(name).commands;
      const message = command === 'help' ? refusalOfHelp(name) : refusal(...given(command, ...flagOf(name)));
      expect(message).toMatch(new RegExp(`^--${name} belongs to .*, not to ${command}$`));
      for (const owner of owners) expect(message).toContain(owner);
    },
  );

  test.each(owned)('$command takes --$name', ({ command, name }) => {
    expect(parseArguments(given(command, ...flagOf(name))).command).toBe(command);
  });

  test('those of the issue', () => {
    expect(refusal('tiny.yaml', '--csv', 'x')).toBe('--csv belongs to plan, not to run');
    expect(refusal('gc', '--set', 'a=1')).toBe(
      '--set belongs to run, plan, validate, report, status, cancel and export, not to gc',
    );
    expect(refusal('schema', '--engine', 'gpu')).toBe(
      '--engine belongs to run, plan, validate, report, status, cancel, export, predict, setup and doctor, not to schema',
    );
    expect(parseArguments(['tiny.yaml', '--json']).json).toBe(true);
    expect(parseArguments(['gc', '--json']).json).toBe(true);
  });
});

const refusalOfHelp = (name: (typeof optionNames)[number]) => refusal('help', ...flagOf(name));

test.each([
  [
    ['plan', 'a.yaml', '--results-dri', 'x'],
    '`--results-dri` is not an option: did you mean `--results-dir`?',
  ],
  [['plan', 'a.yaml', '--resultsDir=x'], '`--resultsDir` is not an option: did you mean `--results-dir`?'],
  [['plan', 'a.yaml', '-json'], '`-json` is not an option: did you mean `--json`?'],
  [['plan', 'a.yaml', '—json'], '`—json` is not an option: did you mean `--json`?'],
  [['plan', 'a.yaml', '--frobnicate'], '`--frobnicate` is not an option; `runner --help` lists the options'],
  [['plan', 'a.yaml', '-x'], '`-x` is not an option; `runner --help` lists the options'],
  [
    ['vaildate', 'a.yaml'],
    '`vaildate` is neither a command nor a YAML file: did you mean `runner validate`?',
  ],
  [['pln'], '`pln` is neither a command nor a YAML file: did you mean `runner plan`?'],
  [['help', 'plam'], '`plam` is not a command: did you mean `runner plan`?'],
  [
    ['frobnicate'],
    '`frobnicate` is neither a command nor a YAML file; commands: run, plan, validate, report, status, export, predict, cancel, gc, init, schema, setup, doctor, help',
  ],
  [['plan'], 'plan needs a file, such as `runner plan experiment.yaml`'],
  [['gc', 'a.yaml'], 'gc takes no file, got `a.yaml`'],
  [
    ['a.yaml', 'plan'],
    'run takes one file, got `a.yaml`, `plan`; the command comes first: `runner plan a.yaml`',
  ],
  [
    ['plan', 'a.yaml', '--set', 'params.epochs', '=', '2'],
    'plan takes one file, got `a.yaml`, `=`, `2`; a --set with spaces is written in quotes',
  ],
  [['plan', 'a.yaml', '--csv'], '--csv needs a value: --csv FILE'],
  [
    ['plan', 'a.yaml', '--csv', '--json'],
    '--csv needs a value: --csv FILE; got `--json`, which begins with a dash (as a value it is written `--csv=--json`)',
  ],
  [['init', '--from'], '--from needs a value: --from PATH'],
  [['a.yaml', '--force=yes'], '--force takes no value, got `yes`'],
  [['a.yaml', '--engine', 'tpu'], '--engine: expected auto, wasm, cpu or gpu, got `tpu`'],
  [['export', 'a.yaml', '--format', 'xlsx'], '--format: expected csv or parquet, got `xlsx`'],
  [
    ['export', 'a.yaml', 'b.csv', 'c.csv'],
    'export takes an experiment and one file to write, got `a.yaml`, `b.csv`, `c.csv`',
  ],
  [['a.yaml', '--concurrency', '0'], '--concurrency: expected a whole number from 1 to 9999, got `0`'],
  [['plan', 'a.yaml', '--csv', '-', '--json'], '--csv - and --json both need standard output; leave one out'],
  [
    ['plan', 'a.yaml', '--csv=/dev/stdout', '--json'],
    '--csv - and --json both need standard output; leave one out',
  ],
  [
    ['a.yaml', '--read-only', '--force'],
    '--read-only trains nothing, so it cannot be used with --force or --retry-failed',
  ],
  [
    ['status', 'a.yaml', '--watch', '--json'],
    '--json is one document, so it cannot be used with --watch; events.jsonl in the results is what programs follow',
  ],
  [
    ['report', 'a.yaml', '--markdown', '--json'],
    '--markdown and --json are two forms of the report; leave one out',
  ],
  [['--json'], '--json needs a command or a file'],
])('%j', (args, message) => {
  expect(refusal(...args)).toBe(message);
});

describe('a path', () => {
  const paths = optionNames.filter((name) => optionOf(name).path);
  const ownerOf = (name: (typeof optionNames)[number]) => optionOf(name).commands[0]!;
  const fieldOf = (name: string) => name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());

  test('all options with DIR, FILE, OTHER or PATH', () => {
    const named = optionNames.filter((name) => /^(DIR|FILE|OTHER|PATH)$/.test(optionOf(name).value ?? ''));
    expect(paths).toEqual(named);
  });

  test.each(paths)('--%s is never empty, and `~` is the home folder', (name) => {
    const withValue = (value: string) => given(ownerOf(name), `--${name}=${value}`);
    expect(refusal(...withValue(''))).toBe(`--${name}: the path is empty`);
    expect(parseArguments(withValue('~/x'))).toHaveProperty(fieldOf(name), `${homedir()}/x`);
    expect(parseArguments(withValue('~'))).toHaveProperty(fieldOf(name), `${homedir()}`);
    expect(parseArguments(withValue('./~/x'))).toHaveProperty(fieldOf(name), './~/x');
    expect(parseArguments(withValue('a~/x'))).toHaveProperty(fieldOf(name), 'a~/x');
    expect(refusal(...withValue('~ada/x'))).toBe(
      `--${name}: \`~ada/x\` is not expanded, only \`~\` and \`~/…\` are; write the full path, or \`./~ada/x\` for a file of that name`,
    );
  });

  test('so is a file', () => {
    expect(refusal('plan', '')).toBe('a file: the path is empty');
    expect(refusal('')).toBe('a file: the path is empty');
    expect(refusal('init', '')).toBe('a file: the path is empty');
    expect(parseArguments(['~/x.yaml']).files).toEqual([`${homedir()}/x.yaml`]);
  });

  test('`-` is a file, with and without a command', () => {
    expect(parseArguments(['-'])).toMatchObject({ command: 'run', files: ['-'] });
    expect(parseArguments(['plan', '-', '--csv', '-'])).toMatchObject({ files: ['-'], csv: '-' });
  });

  test('behind `--` a file may begin with a hyphen', () => {
    expect(parseArguments(['plan', '--', '--json.yaml']).files).toEqual(['--json.yaml']);
  });
});

describe('help and version', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']], [['a.yaml', '--help']]])(
    '%j: of the program',
    (args) => {
      expect(parseArguments(args).help).toBe('program');
    },
  );

  test.each(commandNames.filter((name) => name !== 'help'))('of %s', (command) => {
    expect(parseArguments([command, '--help']).help).toBe(command);
    expect(parseArguments(['help', command]).help).toBe(command);
    const text = describeCommandUsage(command);
    for (const name of optionNames)
      expect(text.includes(` --${name}`)).toBe(optionsOf(command).includes(name));
    expect(describeUsage()).toContain(`runner ${command} `.trimEnd());
  });

  test('the usage has every option', () => {
    for (const name of optionNames) expect(describeUsage()).toContain(` --${name} `);
  });

  test.each(['--version', '-V'])('%s', (flag) => {
    expect(parseArguments([flag]).version).toBe(true);
    expect(parseArguments(['plan', flag]).version).toBe(true);
  });
});
