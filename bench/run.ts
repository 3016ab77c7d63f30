/**
 * Compares this program with Keras and PyTorch on the same work, in one sitting: every round measures every
 * contestant in turn. Prints medians over the rounds, spreads and ratios; writes results/benchmark.json.
 *
 *     npm run bench -- [--rounds 3] [--seconds 5] [--only steps|end-to-end] [--sizes 0.25x32,1x56] [--contestants runner,Keras]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareWays, workDescription } from './end-to-end.js';
import { measureSteps, median, type StepMeasurement } from './measure-steps.js';
import { batch, cores, prepareContestants, sizes, type Contestant, type Size } from './programs.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
    sizes: { type: 'string' },
    contestants: { type: 'string' },
  },
});
const rounds = Number(values.rounds);

interface Configuration {
  readonly processes: number;
  readonly threads: number;
}
const alone: readonly Configuration[] = [
  { processes: 1, threads: 1 },
  { processes: 1, threads: cores },
];
const perCore: Configuration = { processes: cores, threads: 1 };

interface Series extends Configuration {
  readonly contestant: Pick<Contestant, 'name' | 'family'>;
  readonly size: Size;
  readonly measurements: StepMeasurement[];
}

async function compareSteps(): Promise<Series[]> {
  const named = values.contestants?.split(',');
  const contestants = (await prepareContestants()).filter(({ name }) => !named || named.includes(name));
  const wanted = values.sizes?.split(',');
  const series = sizes
    .filter((size) => !wanted || wanted.includes(nameOf(size)))
    .flatMap((size) =>
      contestants.flatMap((contestant) =>
        [...alone, perCore].map((configuration) => ({
          contestant,
          size,
          ...configuration,
          measurements: [] as StepMeasurement[],
        })),
      ),
    );
  for (let round = 1; round <= rounds; round++) {
    for (const { contestant, size, processes, threads, measurements } of series) {
      const program = contestant.program(size, threads);
      measurements.push(await measureSteps(program, processes, Number(values.seconds)));
      const { stepMilliseconds, stepsPerSecond, peakBytes } = measurements.at(-1)!;
      console.error(
        `round ${round}/${rounds} ${nameOf(size)} ${contestant.name}, ${processes} × ${threads}: ` +
          `${stepMilliseconds.toFixed(1)} ms, ${(batch * stepsPerSecond).toFixed(0)} images/s, ` +
          `${(peakBytes / 1e6).toFixed(0)} MB`,
      );
    }
  }
  return series.map(({ contestant: { name, family }, ...rest }) => ({
    contestant: { name, family },
    ...rest,
  }));
}

function nameOf({ alpha, size }: Size): string {
  return `${alpha}x${size}`;
}

type Better = 'least' | 'most';

/** One row a contestant, and the ratio of ours to the best peer. */
function describeGoal(
  title: string,
  series: readonly Series[],
  value: (measurement: StepMeasurement) => number,
  better: Better,
  configurations: readonly Configuration[],
  peerFamily?: Contestant['family'],
): string {
  const lines = [
    `\n${title}\n`,
    '| alpha, size | contestant | median | least to most | configuration |',
    '|---|---|---|---|---|',
  ];
  for (const size of new Set(series.map((entry) => entry.size))) {
    const rows = series
      .filter(
        (entry) =>
          entry.size === size &&
          configurations.some((c) => c.processes === entry.processes && c.threads === entry.threads),
      )
      .map((entry) => ({ ...entry, values: entry.measurements.map(value) }));
    const best = new Map<string, (typeof rows)[number]>();
    for (const row of rows) {
      const known = best.get(row.contestant.name);
      const isBetter = known && median(row.values) < median(known.values) === (better === 'least');
      if (!known || isBetter) best.set(row.contestant.name, row);
    }
    for (const { contestant, values, processes, threads } of best.values()) {
      const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(format);
      lines.push(
        `| ${nameOf(size)} | ${contestant.name} | ${middle} | ${least} to ${most} | ${processes} × ${threads} |`,
      );
    }
    const medians = (wanted: (family: Contestant['family']) => boolean) =>
      [...best.values()]
        .filter(({ contestant }) => wanted(contestant.family))
        .map(({ values }) => median(values));
    const [ours] = medians((family) => family === 'runner');
    const peers = medians((family) => (peerFamily ? family === peerFamily : family !== 'runner'));
    if (ours === undefined || peers.length === 0) continue;
    const ratio = better === 'least' ? Math.min(...peers) / ours : ours / Math.max(...peers);
    lines.push(
      `| ${nameOf(size)} | **runner against ${peerFamily === 'keras' ? 'Keras' : 'the best peer'}** | **${ratio.toFixed(2)}×** | | |`,
    );
  }
  return lines.join('\n');
}

function format(value: number): string {
  return value.toPrecision(value >= 1000 ? Math.ceil(Math.log10(value)) : 3);
}

async function compareEndToEnd() {
  const ways = (await prepareWays()).map((way) => ({ way, seconds: [] as number[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const { way, seconds } of ways) {
      seconds.push(await way.measure());
      console.error(`round ${round}/${rounds} end to end, ${way.name}: ${seconds.at(-1)!.toFixed(1)} s`);
    }
  }
  return ways.map(({ way, seconds }) => ({ name: way.name, seconds }));
}

async function save(endToEnd: Awaited<ReturnType<typeof compareEndToEnd>>): Promise<void> {
  const file = fileURLToPath(new URL('../results/benchmark.json', import.meta.url));
  await mkdir(fileURLToPath(new URL('../results', import.meta.url)), { recursive: true });
  await writeFile(file, `${JSON.stringify({ machine, steps, endToEnd }, null, 2)}\n`);
}

const machine = { processor: cpus()[0]!.model, cores, node: process.version, batch, rounds };
const steps = values.only === 'end-to-end' ? [] : await compareSteps();
await save([]); // before the longer part
const endToEnd = values.only === 'steps' ? [] : await compareEndToEnd();
await save(endToEnd);
console.log(
  `${machine.processor}, ${cores} cores, Node ${process.versions.node}; batch ${batch}, ${rounds} rounds`,
);
console.log('Configuration: processes × threads of each. Ratios above 1 are in favour of runner.');
if (steps.length > 0) {
  const all: Configuration = { processes: 1, threads: cores };
  console.log(
    describeGoal('Sweep throughput, images a second', steps, (m) => batch * m.stepsPerSecond, 'most', [
      all,
      perCore,
    ]),
  );
  console.log(
    describeGoal("One trial's step, milliseconds", steps, (m) => m.stepMilliseconds, 'least', alone),
  );
  console.log(
    describeGoal(
      'Peak memory of a process, MB',
      steps,
      (m) => m.peakBytes / 1e6,
      'least',
      [perCore],
      'keras',
    ),
  );
}
if (endToEnd.length > 0) {
  console.log(`\nEnd to end, seconds: ${workDescription}\n\n| way | median | least to most |\n|---|---|---|`);
  for (const { name, seconds } of endToEnd) {
    console.log(
      `| ${name} | ${format(median(seconds))} | ${format(Math.min(...seconds))} to ${format(Math.max(...seconds))} |`,
    );
  }
  const [ours, ...peers] = endToEnd.map(({ seconds }) => median(seconds));
  console.log(`| **runner against the best** | **${(Math.min(...peers) / ours!).toFixed(2)}×** | |`);
}
