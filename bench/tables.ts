/** The benchmark's tables, in Markdown: one row per contestant, and the ratio of ours to the best peer. */
import { median, type StepMeasurement } from './measure-steps.js';
import { batch, cores, nameOf, type Contestant, type Size } from './programs.js';

export interface Configuration {
  readonly processes: number;
  readonly threads: number;
}
/** One trial at a time. */
export const alone: readonly Configuration[] = [
  { processes: 1, threads: 1 },
  { processes: 1, threads: cores },
];
export const perCore: Configuration = { processes: cores, threads: 1 };

export interface Series extends Configuration {
  readonly contestant: Pick<Contestant, 'name' | 'family'>;
  readonly size: Size;
  readonly measurements: StepMeasurement[];
}

interface Goal {
  readonly title: string;
  readonly value: (measurement: StepMeasurement) => number;
  readonly better: 'least' | 'most';
  readonly configurations: readonly Configuration[];
  /** Whom ours is compared with; by default the best of all. */
  readonly peer?: 'keras';
}

const goals: readonly Goal[] = [
  {
    title: 'Sweep throughput, images a second',
    value: ({ stepsPerSecond }) => batch * stepsPerSecond,
    better: 'most',
    configurations: [{ processes: 1, threads: cores }, perCore],
  },
  {
    title: "One trial's step, milliseconds",
    value: ({ stepMilliseconds }) => stepMilliseconds,
    better: 'least',
    configurations: alone,
  },
  {
    title: 'Peak memory of a process, MB',
    value: ({ peakBytes }) => peakBytes / 1e6,
    better: 'least',
    configurations: [perCore],
    peer: 'keras',
  },
];

export function describeSteps(series: readonly Series[]): string {
  return [describeWork(series), ...goals.map((goal) => describeGoal(goal, series))].join('\n');
}

/** What all contestants compute at each size: it was checked that it is the same. */
function describeWork(series: readonly Series[]): string {
  const lines = [
    '\nThe work, the same for all\n',
    '| alpha, size | parameters | multiply-adds per image |',
    '|---|---|---|',
  ];
  for (const size of new Set(series.map((entry) => entry.size))) {
    const { parameters, multiplyAdds } = series.find((entry) => entry.size === size)!.measurements[0]!.work;
    lines.push(
      `| ${nameOf(size)} | ${parameters.toLocaleString('en')} | ${multiplyAdds.toLocaleString('en')} |`,
    );
  }
  return lines.join('\n');
}

function describeGoal(
  { title, value, better, configurations, peer }: Goal,
  series: readonly Series[],
): string {
  const lines = [
    `\n${title}\n`,
    '| alpha, size | contestant | median | least to most | configuration |',
    '|---|---|---|---|---|',
  ];
  const isWanted = (entry: Configuration) =>
    configurations.some((wanted) => wanted.processes === entry.processes && wanted.threads === entry.threads);
  for (const size of new Set(series.map((entry) => entry.size))) {
    const rows = series
      .filter((entry) => entry.size === size && isWanted(entry))
      .map((entry) => ({ ...entry, values: entry.measurements.map(value) }));
    const best = new Map<string, (typeof rows)[number]>();
    for (const row of rows) {
      const known = best.get(row.contestant.name);
      const isBetter = known && median(row.values) < median(known.values) === (better === 'least');
      if (!known || isBetter) best.set(row.contestant.name, row);
    }
    for (const { contestant, values, processes, threads } of best.values())
      lines.push(`| ${nameOf(size)} | ${contestant.name} | ${spread(values)} | ${processes} × ${threads} |`);
    const medians = (wanted: (family: Contestant['family']) => boolean) =>
      [...best.values()]
        .filter(({ contestant }) => wanted(contestant.family))
        .map(({ values }) => median(values));
    const [ours] = medians((family) => family === 'runner');
    const peers = medians((family) => (peer ? family === peer : family !== 'runner'));
    if (ours === undefined || peers.length === 0) continue;
    const ratio = better === 'least' ? Math.min(...peers) / ours : ours / Math.max(...peers);
    const whom = peer === 'keras' ? 'Keras' : 'the best peer';
    lines.push(`| ${nameOf(size)} | **runner against ${whom}** | **${ratio.toFixed(2)}×** | | |`);
  }
  return lines.join('\n');
}

export interface EndToEnd {
  readonly name: string;
  readonly seconds: readonly number[];
}

export function describeEndToEnd(work: string, ways: readonly EndToEnd[]): string {
  const lines = [`\nEnd to end, seconds: ${work}\n`, '| way | median | least to most |', '|---|---|---|'];
  for (const { name, seconds } of ways) lines.push(`| ${name} | ${spread(seconds)} |`);
  const medians = (wanted: (name: string) => boolean) =>
    ways.filter(({ name }) => wanted(name)).map(({ seconds }) => median(seconds));
  const [ours] = medians((name) => name === 'runner');
  const peers = medians((name) => !name.startsWith('runner'));
  if (ours !== undefined && peers.length > 0)
    lines.push(`| **runner against the best** | **${(Math.min(...peers) / ours).toFixed(2)}×** | |`);
  return lines.join('\n');
}

/** Two cells: the median, the least and the most. */
function spread(values: readonly number[]): string {
  return `${format(median(values))} | ${format(Math.min(...values))} to ${format(Math.max(...values))}`;
}

function format(value: number): string {
  return value.toPrecision(value >= 1000 ? Math.ceil(Math.log10(value)) : 3);
}
