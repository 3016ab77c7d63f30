/**
 * Tries the program on Linux without glibc, as Alpine is, and says what it saw:
 *
 *     npx tsx scripts/try-musl.ts
 *
 * It installs the package as `npm install --libc=musl` does, and runs it with a Node for musl. What both Nodes can do is
 * compared, byte for byte. Where that Node cannot be had, it says why and ends with 0.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultDataset } from '../src/data/datasets.js';
import { runCommand, type CommandResult } from '../src/system/run-command.js';
import { prepareMuslRoot, succeed } from './musl/musl-node.js';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'runner-musl-'));
let failures = 0;

/** Runs a command of the program by one of the Nodes. */
type Runner = (args: readonly string[]) => Promise<CommandResult>;

async function check(name: string, task: () => Promise<string>): Promise<void> {
  try {
    console.log(`ok      ${name}: ${await task()}`);
  } catch (error) {
    failures++;
    console.log(`FAILED  ${name}: ${(error as Error).message}`);
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** @throws Error where the two differ, or neither succeeds */
async function compare(
  glibc: Runner,
  musl: Runner,
  args: readonly string[],
  part = (text: string) => text,
): Promise<string> {
  const expected = await glibc(args);
  const found = await musl(args);
  if (expected.code !== 0) throw new Error(`with glibc it ends with ${expected.code}: ${expected.output}`);
  if (found.code !== 0) throw new Error(`it ends with ${found.code}: ${found.output}`);
  if (part(found.stdout) !== part(expected.stdout))
    throw new Error(`it says something else:\n${found.stdout}`);
  return `says the same, ${found.stdout.length} characters`;
}

/** The first line of a new experiment leads to the schema, which lies elsewhere for each. */
const withoutSchema = (text: string): string => text.replace(/^.*\n/, '');

const csvFiles = ['leaderboard.csv', 'comparisons.csv', 'trials.csv', 'epochs.csv'];

/** The numbers of a results folder, without what measures the machine. */
async function figuresOf(directory: string): Promise<string> {
  const files = csvFiles.map(async (name) => {
    const rows = (await readFile(join(directory, name), 'utf8')).split('\n').map((line) => line.split(','));
    const isKept = rows[0]!.map((column) => !/seconds|memory/.test(column));
    return rows.map((row) => row.filter((_, index) => isKept[index]).join(',')).join('\n');
  });
  return (await Promise.all(files)).join('\n');
}

/** The one that there is without glibc. */
const engine = ['--engine', 'wasm'];

const tiny = {
  name: 'tiny',
  params: { alpha: 0.25, weights: 'none', resolution: 28, epochs: 2 },
  augmentations: { none: [], flip: [{ horizontalFlip: {} }] },
  matrix: { augmentation: ['none', 'flip'] },
  seeds: [1, 2],
  data: { trainSubset: 320, validation: { holdout: 100 } },
};

async function tryAll(node: readonly [string, ...string[]], program: string): Promise<void> {
  const runnerOf =
    (env: NodeJS.ProcessEnv, command: string, ...first: readonly string[]): Runner =>
    (args) =>
      runCommand(command, [...first, ...args], { cwd: folder, env });
  const { directory: data } = await defaultDataset.find({ dataDir: undefined, onProgress: console.error });
  await cp(data, join(folder, 'cache/classifier-sweep-runner/fashion-mnist'), { recursive: true });
  const inRoot = { ...process.env, XDG_CACHE_HOME: '/cache', HOME: '/', TMPDIR: '/tmp' };
  const glibc = runnerOf(process.env, process.execPath, join(checkout, 'bin/runner.js'));
  const musl = runnerOf(inRoot, ...node, program);
  await writeFile(join(folder, 'tiny.yaml'), JSON.stringify(tiny)); // JSON is YAML
  await check('validate', () => compare(glibc, musl, ['validate', 'tiny.yaml']));
  await check('plan', () => compare(glibc, musl, ['plan', 'tiny.yaml', ...engine]));
  await check('plan --json', () => compare(glibc, musl, ['plan', 'tiny.yaml', '--json', ...engine]));
  await check('init', () => compare(glibc, musl, ['init', '-'], withoutSchema));
  await check('doctor', async () => {
    const { code, stdout, output } = await musl(['doctor']);
    if (code === null) throw new Error(output);
    return /^.*engine .*$/m.exec(stdout)?.[0].trim() ?? 'no engine is named';
  });
  const results = ['--results-dir', 'results-of-0.1.0/results'];
  await cp(join(checkout, 'test/fixtures/results-of-0.1.0'), join(folder, 'results-of-0.1.0'), {
    recursive: true,
  });
  await check('report', () => compare(glibc, musl, ['report', 'results-of-0.1.0/before.yaml', ...results]));
  await check('report.html and files', async () => {
    const directory = join(folder, 'results-of-0.1.0/results/before');
    const read = () =>
      Promise.all([...csvFiles, 'report.html'].map((name) => readFile(join(directory, name))));
    await glibc(['report', 'results-of-0.1.0/before.yaml', ...results]);
    const [expected, found] = [
      await read(),
      (await musl(['report', 'results-of-0.1.0/before.yaml', ...results]), await read()),
    ];
    const other = csvFiles
      .concat('report.html')
      .filter((_, index) => !expected[index]!.equals(found[index]!));
    if (other.length > 0) throw new Error(`${other.join(', ')} differ`);
    return 'the same bytes';
  });
  await check('status, export', async () => {
    await compare(glibc, musl, ['status', 'results-of-0.1.0/before.yaml', ...results]);
    return compare(glibc, musl, ['export', 'results-of-0.1.0/before.yaml', ...results, '-']);
  });
  await check('own images are decoded', async () => {
    await cp(join(checkout, 'test/fixtures/images/good'), join(folder, 'pictures/a'), { recursive: true });
    await cp(join(checkout, 'test/fixtures/images/good'), join(folder, 'pictures/b'), { recursive: true });
    return compare(glibc, musl, ['init', '--from', 'pictures', '-'], withoutSchema);
  });
  await check('training', async () => {
    const train = (run: Runner, directory: string) =>
      run(['tiny.yaml', ...engine, '--quiet', '--results-dir', directory]);
    const found = await train(musl, 'by-musl');
    if (found.code !== 0) throw new Error(found.output);
    const expected = await train(glibc, 'by-glibc');
    if (expected.code !== 0) throw new Error(`with glibc: ${expected.output}`);
    const [one, other] = await Promise.all(
      ['by-musl', 'by-glibc'].map((name) => figuresOf(join(folder, name, 'tiny'))),
    );
    if (one !== other) throw new Error('the numbers differ from those with glibc');
    return `four trials of engine wasm, the same digits as Node ${process.version} with glibc`;
  });
}

try {
  let node: readonly [string, ...string[]];
  try {
    node = await prepareMuslRoot(folder);
  } catch (error) {
    console.log(`Skipped: there is no Node for musl here, because ${(error as Error).message}`);
    process.exit(0);
  }
  await succeed('node', ['bin/runner.js', '--version'], checkout); // builds
  const archive = (await succeed('npm', ['pack', '--silent', '--ignore-scripts', checkout], folder)).trim();
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const target = ['--os=linux', '--cpu=x64', '--libc=musl', '--omit=dev', '--ignore-scripts', '--no-audit'];
  await succeed('npm', ['install', '--silent', ...target, `./${lastLine(archive)}`], folder);
  const [command, ...words] = node;
  const version = await succeed(command, [...words, '-p', 'process.version']);
  console.log(`Node ${version.trim()} with musl; compared with Node ${process.version} with glibc`);
  await tryAll(node, 'node_modules/classifier-sweep-runner/bin/runner.js');
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
