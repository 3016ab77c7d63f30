/**
 * Compares this program with Keras and PyTorch on the same work, in one sitting: every round measures every
 * contestant in turn. Prints the processor, medians over the rounds, spreads and ratios; writes results/benchmark.json.
 *
 *     npm run bench -- --quick
 *     npm run bench -- [--rounds 3] [--seconds 5] [--only steps|end-to-end] [--sizes 0.25x32,1x56]
 *                      [--contestants runner,WebAssembly,bfloat16,Keras,PyTorch,torch.compile]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareWays, workDescription } from './end-to-end.js';
import { describeMachine } from './machine.js';
import { measureSteps } from './measure-steps.js';
import { batch, contestantNames, nameOf, prepareContestants, sizes } from './programs.js';
import { alone, describeEndToEnd, describeSteps, perCore, type EndToEnd, type Series } from './tables.js';
import { describeUnequalWork, type NamedWork, type Work } from './work.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
    sizes: { type: 'string', default: sizes.map(nameOf).join() },
    contestants: { type: 'string', default: contestantNames.join() },
    quick: { type: 'boolean', default: false },
  },
});
/** About ten minutes: the steps alone, without torch.compile. */
if (values.quick)
  Object.assign(values, { rounds: '2', seconds: '2', only: 'steps', contestants: 'runner,Keras,PyTorch' });
const rounds = positive('rounds', values.rounds);
const seconds = positive('seconds', values.seconds);
const [only] = values.only === undefined ? [] : listed('only', values.only, ['steps', 'end-to-end']);
const wantedSizes = listed('sizes', values.sizes, sizes.map(nameOf));
const wantedNames = listed('contestants', values.contestants, contestantNames);

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) exit(`--${option} wants a number above zero, not ${text}`);
  return value;
}

function listed(option: string, text: string, allowed: readonly string[]): readonly string[] {
  const names = text.split(',');
  const wrong = names.filter((name) => !allowed.includes(name));
  if (wrong.length > 0) exit(`--${option} has no ${wrong.join(', ')}; it has ${allowed.join(', ')}`);
  return names;
}

function exit(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

/** Ends the benchmark at the first contestant whose work is not that of those before it. */
class SameWork {
  readonly #known: NamedWork[] = [];

  require(name: string, { parameters, multiplyAdds }: Work): void {
    this.#known.push({ name, parameters, multiplyAdds });
    const unequal = describeUnequalWork(this.#known);
    if (unequal !== null) exit(unequal);
  }
}

async function compareSteps(): Promise<Series[]> {
  const contestants = await prepareContestants(wantedNames);
  const series = sizes
    .filter((size) => wantedSizes.includes(nameOf(size)))
    .flatMap((size) => {
      const sameWork = new SameWork();
      return contestants.flatMap((contestant) =>
        [...alone, perCore].map((configuration) => ({
          sameWork,
          contestant,
          size,
          ...configuration,
          measurements: [] as Series['measurements'],
        })),
      );
    });
  for (let round = 1; round <= rounds; round++) {
    for (const { sameWork, contestant, size, processes, threads, measurements } of series) {
      const measured = await measureSteps(contestant.program(size, threads), processes, seconds);
      sameWork.require(contestant.name, measured.work);
      measurements.push(measured);
      console.error(
        `round ${round}/${rounds} ${nameOf(size)} ${contestant.name}, ${processes} × ${threads}: ` +
          `${measured.stepMilliseconds.toFixed(1)} ms, ${(batch * measured.stepsPerSecond).toFixed(0)} images/s, ` +
          `${(measured.peakBytes / 1e6).toFixed(0)} MB`,
      );
    }
  }
  return series.map(({ contestant: { name, family }, size, processes, threads, measurements }) => ({
    contestant: { name, family },
    size,
    processes,
    threads,
    measurements,
  }));
}

async function compareEndToEnd(): Promise<EndToEnd[]> {
  const ways = (await prepareWays(wantedNames)).map((way) => ({ way, seconds: [] as number[] }));
  const sameWork = new SameWork();
  for (let round = 1; round <= rounds; round++) {
    for (const { way, seconds } of ways) {
      const sitting = await way.measure();
      sameWork.require(way.name, sitting.work);
      seconds.push(sitting.seconds);
      console.error(`round ${round}/${rounds} end to end, ${way.name}: ${sitting.seconds.toFixed(1)} s`);
    }
  }
  return ways.map(({ way, seconds }) => ({ name: way.name, seconds }));
}

async function save(endToEnd: readonly EndToEnd[]): Promise<void> {
  const file = fileURLToPath(new URL('../results/benchmark.json', import.meta.url));
  await mkdir(fileURLToPath(new URL('../results', import.meta.url)), { recursive: true });
  await writeFile(file, `${JSON.stringify({ machine, steps, endToEnd }, null, 2)}\n`);
}

const machine = { processor: describeMachine(), node: process.version, batch, rounds };
const steps = only === 'end-to-end' ? [] : await compareSteps();
await save([]); // before the longer part
const endToEnd = only === 'steps' ? [] : await compareEndToEnd();
await save(endToEnd);
console.log(`${machine.processor}. Node ${process.versions.node}; batch ${batch}, ${rounds} rounds.`);
console.log('Configuration: processes × threads of each. Ratios above 1 are in favour of runner.');
if (steps.length > 0) console.log(describeSteps(steps));
if (endToEnd.length > 0) console.log(describeEndToEnd(workDescription, endToEnd));
