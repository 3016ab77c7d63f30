/** Files that the user names: what is read from them, and what is never overwritten. */
import { spawnSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/commands/arguments.js';
import { plan } from '../../src/commands/plan.js';
import { describeProblem } from '../../src/diagnostics/problem.js';
import { RunnerError } from '../../src/diagnostics/runner-error.js';
import { experiment, newFolder } from '../command-line.js';

const program = fileURLToPath(new URL('../../bin/runner.js', import.meta.url));
const cells = 'cell,augmentation,seeds,done,new,retryable,failed\n1,none,2,0,2,0,0\n2,flip,2,0,2,0,0\n';

let folder: string;
beforeEach(async () => {
  folder = await newFolder();
});

/** A line of bash, in which `runner` is the program. */
function bash(script: string): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `runner() { "$NODE" "$PROGRAM" "$@"; }\n${script}`],
    {
      cwd: folder,
      env: { ...process.env, NODE: process.execPath, PROGRAM: program },
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  return { code: status, stdout, stderr };
}

const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('plan --csv', () => {
  test('writes into a pipe, and leaves it one', () => {
    const { code, stdout } = bash(
      'mkfifo pipe; cat pipe > got & runner plan tiny.yaml --csv pipe; r=$?; wait; exit $r',
    );
    expect([code, textOf('got')]).toEqual([0, cells]);
    expect(stdout).toContain('trials: 4 new');
    expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);
  });

  test('writes to a device, and leaves it one', () => {
    expect(bash('runner plan tiny.yaml --csv /dev/null').code).toBe(0);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('writes to a process substitution', () => {
    expect(bash('runner plan tiny.yaml --csv >(cat > got) > /dev/null; sleep 0.5').code).toBe(0);
    expect(textOf('got')).toBe(cells);
  });

  test.each(['-', '/dev/stdout'])('%s is standard output; the text goes to standard error', (path) => {
    const { code, stdout, stderr } = bash(`runner plan tiny.yaml --csv ${path}`);
    expect([code, stdout]).toEqual([0, cells]);
    expect(stderr).toContain('trials: 4 new');
    expect(bash(`runner plan tiny.yaml --quiet --csv ${path}`)).toEqual({
      code: 0,
      stdout: cells,
      stderr: '',
    });
    bash(`echo before > got; runner plan tiny.yaml --quiet --csv ${path} >> got`);
    expect(textOf('got')).toBe(`before\n${cells}`);
  });

  test('writes through links, to what is there and to what is not', () => {
    writeFileSync(join(folder, 'old.csv'), 'a long text, longer than the cells of this plan '.repeat(9));
    for (const name of ['old', 'new']) {
      symlinkSync(`${name}.csv`, join(folder, `link-${name}`));
      expect(bash(`runner plan tiny.yaml --csv link-${name}`).code).toBe(0);
      expect(textOf(`${name}.csv`)).toBe(cells);
      expect(lstatSync(join(folder, `link-${name}`)).isSymbolicLink()).toBe(true);
    }
  });

  test('keeps the rights of a file, and makes missing folders', () => {
    bash('touch got; chmod 600 got; runner plan tiny.yaml --csv got; runner plan tiny.yaml --csv a/b/got');
    expect(lstatSync(join(folder, 'got')).mode & 0o777).toBe(0o600);
    expect(textOf('a/b/got')).toBe(cells);
  });

  test('with --diff, both are there', () => {
    const { code, stdout } = bash('runner plan tiny.yaml --diff tiny.yaml --csv got');
    expect([code, stdout, textOf('got')]).toEqual([0, expect.stringContaining('shared: 4 trials'), cells]);
  });

  /** In this process, which is quicker: what the user is told. */
  async function refusal(args: readonly string[]): Promise<string> {
    const before = process.cwd();
    process.chdir(folder);
    const thrown: unknown = await plan(parseArguments(args)).catch((error: unknown) => error);
    process.chdir(before);
    if (!(thrown instanceof RunnerError)) throw new Error('Expected a RunnerError', { cause: thrown });
    expect([thrown.exitCode, thrown.problems.length]).toEqual([2, 1]);
    return describeProblem(thrown.problems[0]!);
  }

  test.each([
    ['itself', ['tiny.yaml', '--csv', 'tiny.yaml']],
    ['itself by another path', ['tiny.yaml', '--csv', '../FOLDER/./tiny.yaml']],
    ['itself by a link', ['tiny.yaml', '--csv', 'link.yaml']],
    ['what its link leads to', ['link.yaml', '--csv', 'tiny.yaml']],
    ['itself by another name', ['tiny.yaml', '--csv', 'hard.yaml']],
    ['what it extends', ['more.yaml', '--csv', 'tiny.yaml']],
    ['the other file', ['other.yaml', '--diff', 'tiny.yaml', '--csv', 'tiny.yaml']],
    ['what the other file extends', ['other.yaml', '--diff', 'more.yaml', '--csv', 'tiny.yaml']],
    ['the journal', ['tiny.yaml', '--csv', 'results/tiny/journal.jsonl']],
  ])('never overwrites %s', async (_title, args) => {
    symlinkSync('tiny.yaml', join(folder, 'link.yaml'));
    linkSync(join(folder, 'tiny.yaml'), join(folder, 'hard.yaml'));
    writeFileSync(join(folder, 'more.yaml'), 'extends: ./tiny.yaml\nseeds: [7]\n');
    writeFileSync(join(folder, 'other.yaml'), experiment({ name: 'other' }));
    mkdirSync(join(folder, 'results/tiny'), { recursive: true });
    writeFileSync(join(folder, 'results/tiny/journal.jsonl'), '');
    expect(await refusal(['plan', ...args.map((arg) => arg.replace('FOLDER', basename(folder)))])).toMatch(
      /^error\[not-written\]: `.*` was not written: it is (read by this command|`.*`, which this command reads)\n/,
    );
    expect(textOf('tiny.yaml')).toBe(experiment());
    expect(textOf('results/tiny/journal.jsonl')).toBe('');
    expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true);
  });

  test('never overwrites what standard input is', () => {
    const { code, stderr } = bash('runner plan - --csv tiny.yaml < tiny.yaml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('it is `<stdin>`, which this command reads')]);
    expect(textOf('tiny.yaml')).toBe(experiment());
  });

  test.each([
    ['.', 'it is a folder'],
    ['tiny.yaml/x', 'a part of its path is a file, not a folder'],
    ['/proc/x.csv', 'no file can be made there'],
    ['/dev/full', 'the disk is full'],
    ['x'.repeat(300), 'its name is too long'],
    ['/dev/fd/777', 'this descriptor is not open for it'],
  ])('%s cannot be written, and it says why', async (path, cause) => {
    expect(await refusal(['plan', 'tiny.yaml', '--csv', path])).toBe(
      `error[not-written]: \`${path}\` was not written: ${cause}\n  = next: name another file`,
    );
  });
});

describe('init', () => {
  test('prints to standard output by `-`', () => {
    expect(readdirSync(folder)).toEqual(['tiny.yaml']);
    expect(bash('runner init - | runner validate -').stdout).toBe('<stdin>: valid, 2 cells, 12 trials\n');
  });

  test('writes into a pipe and through a link to nothing; makes folders', () => {
    bash('mkfifo pipe; cat pipe > got & runner init pipe; wait');
    expect(textOf('got')).toContain('name: my-experiment');
    expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);
    symlinkSync('new.yaml', join(folder, 'link.yaml'));
    expect(bash('runner init link.yaml; runner init a/b/new.yaml').code).toBe(0);
    expect(textOf('new.yaml')).toBe(textOf('got'));
    expect(bash('runner validate a/b/new.yaml').code).toBe(0);
  });

  test.each([
    ['tiny.yaml', 'it exists already'],
    ['.', 'it is a folder'],
  ])('%s is refused', (path, cause) => {
    const { code, stderr } = bash(`runner init ${path}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`\`${path}\` was not written: ${cause}\n`)]);
    expect(textOf('tiny.yaml')).toBe(experiment());
  });
});

describe('an experiment that is no regular file', () => {
  const valid = ': valid, 2 cells, 4 trials\n';

  test.each([
    ['standard input', 'runner validate - < tiny.yaml', `<stdin>${valid}`],
    ['a pipe on standard input', 'cat tiny.yaml | runner validate -', `<stdin>${valid}`],
    ['/dev/stdin', 'cat tiny.yaml | runner validate /dev/stdin', `<stdin>${valid}`],
    [
      'a slow pipe',
      '(head -2 tiny.yaml; sleep 0.5; tail -n +3 tiny.yaml) | runner validate -',
      `<stdin>${valid}`,
    ],
    ['a process substitution', 'runner validate <(sleep 0.3; cat tiny.yaml)', `/dev/fd/63${valid}`],
    ['a named pipe', 'mkfifo pipe; cat tiny.yaml > pipe & runner validate pipe', `pipe${valid}`],
    ['a file that is a descriptor', 'runner validate /dev/fd/5 5< tiny.yaml', `/dev/fd/5${valid}`],
  ])('%s', (_title, line, stdout) => {
    expect(bash(line)).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('is planned, compared and named in errors', () => {
    expect(bash('runner plan - < tiny.yaml').stdout).toContain('trials: 4 new');
    expect(bash('runner plan tiny.yaml --diff - < tiny.yaml').stdout).toContain('of tiny.yaml and <stdin>');
    const { code, stderr } = bash('echo "nmae: x" | runner plan -');
    expect(code).toBe(2);
    expect(stderr).toContain('┌─ <stdin>:1:1\n');
    expect(stderr).toContain('in <stdin>. Nothing was run.');
  });

  test('extends files relative to the working directory', () => {
    expect(bash('echo "extends: ./tiny.yaml" | runner validate -').stdout).toBe(`<stdin>${valid}`);
    expect(bash('runner validate <(echo "extends: tiny.yaml")').stdout).toBe(`/dev/fd/63${valid}`);
  });

  test('is empty, or too large', () => {
    expect(bash('runner validate - < /dev/null').stderr).toContain('`name` is missing');
    expect(bash('runner validate <(true)').stderr).toContain('it is a pipe that nobody writes to');
    expect(bash('yes | runner validate -').stderr).toContain('it is larger than 1 MB');
    expect(bash('runner validate - < .').stderr).toContain('it is a folder');
  });
});
