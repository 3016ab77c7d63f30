/** What is written for TensorBoard, read by TensorBoard's own code. */
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Trial } from '../../../src/plan/plan.js';
import { analyse } from '../../../src/report/analyse.js';
import { crc32c } from '../../../src/report/tensorboard/crc32c.js';
import { eventPath } from '../../../src/report/tensorboard/event-path.js';
import { TensorboardLog } from '../../../src/report/tensorboard/tensorboard-log.js';
import { writeTensorboard } from '../../../src/report/tensorboard/write-tensorboard.js';
import type { EpochRecord } from '../../../src/trial/outcome.js';
import { python, runPython } from '../../python.js';
import { folderContent } from '../../folder-content.js';
import { epochOf, outcomeOf, outcomes, plan } from '../swept.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'runner-tensorboard-'));

const endOf = (index: number) => 1_790_000_000 + 100 * index + 0.125;
const records = new Map(
  plan.trials.map(({ id }, index) => [id, { at: new Date(1000 * endOf(index)).toISOString() }]),
);

/** What a reader sees of a run, by its folder. */
interface ReadRun {
  readonly scalars: Readonly<
    Record<string, readonly (readonly [step: number, value: number, wallTime: number])[]>
  >;
  readonly hparams: Readonly<Record<string, unknown>>;
  readonly start: number;
  readonly status: number;
  readonly end: number;
}

/** By TensorBoard's event accumulator, which reads files as its server does, and the HParams plugin's own messages. */
const reader = `
import json, os, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata
runs = {}
for directory, _, files in os.walk(sys.argv[1]):
    if not files: continue
    events = EventAccumulator(directory, size_guidance={'scalars': 0, 'tensors': 0}).Reload()
    tags = events.Tags()
    scalars = {tag: [[e.step, e.value, e.wall_time] for e in events.Scalars(tag)] for tag in tags['scalars']}
    plugin = events.PluginTagToContent('hparams')
    start = metadata.parse_session_start_info_plugin_data(plugin['_hparams_/session_start_info'])
    end = '_hparams_/session_end_info' in plugin and metadata.parse_session_end_info_plugin_data(plugin['_hparams_/session_end_info'])
    runs[os.path.relpath(directory, sys.argv[1])] = dict(
        scalars=scalars, hparams={k: getattr(v, v.WhichOneof('kind')) for k, v in start.hparams.items()},
        start=start.start_time_secs, status=end and end.status, end=end and end.end_time_secs)
print(json.dumps(runs))
`;

/** The table of the HPARAMS tab, by the plugin's own handlers. */
const tableReader = `
import json, sys
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups
events = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance={'scalars': 0})
events.AddRunsFromDirectory(sys.argv[1]).Reload()
provider = data_provider.MultiplexerDataProvider(events, sys.argv[1])
plugin = backend_context.Context(base_plugin.TBContext(data_provider=provider))
context = RequestContext()
experiment = get_experiment.Handler(context, plugin, '', api_pb2.GetExperimentRequest(include_metrics=True)).run()
request = api_pb2.ListSessionGroupsRequest(
    start_index=0, slice_size=100, include_metrics=True, aggregation_type=1, allowed_statuses=[0, 1, 2, 3],
    col_params=[api_pb2.ColParams(metric=metric.name) for metric in experiment.metric_infos])
groups = list_session_groups.Handler(context, plugin, '', request).run().session_groups
print(json.dumps({
    group.sessions[0].name: dict(
        status=group.sessions[0].status,
        hparams={name: getattr(v, v.WhichOneof('kind')) for name, v in group.hparams.items()},
        metrics={metric.name.tag: metric.value for metric in group.metric_values})
    for group in groups}))
`;

const readRuns = async (folder: string) =>
  JSON.parse(await runPython(reader, folder)) as Record<string, ReadRun>;

const runOf = ({ label }: Trial) => join('flip', label.replace(/ (seed=\d+)$/, '/$1'));

test.each([
  ['', 0],
  ['123456789', 0xe3069283],
  [Buffer.alloc(32), 0x8a9136aa], // these four: RFC 3720, appendix B.4
  [Buffer.alloc(32, 0xff), 0x62a8ab43],
  [Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  [Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
])('the checksum of %j', (data, checksum) => {
  expect(crc32c(Buffer.from(data as string))).toBe(checksum);
});

describe.skipIf(python === null)('TensorBoard’s own reader', () => {
  test(
    'finds every figure of every epoch, of each trial in a run of its own',
    { timeout: 120_000 },
    async () => {
      const folder = newFolder();
      const report = analyse(plan, outcomes);
      await writeTensorboard(folder, report, records);
      const runs = await readRuns(folder);
      expect(Object.keys(runs).sort()).toEqual(plan.trials.map(runOf).sort());
      for (const [index, trial] of plan.trials.entries()) {
        const { scalars, hparams, start, status, end } = runs[runOf(trial)]!;
        const outcome = outcomes.get(trial.id)!;
        expect(hparams).toEqual({ ...plan.cells[trial.cellIndex]!.axes, seed: trial.seed });
        expect(status).toBe(outcome.status === 'completed' ? 1 : 2);
        expect(end).toBe(endOf(index));
        if (outcome.status === 'failed') {
          expect({ scalars, start }).toEqual({ scalars: {}, start: end });
          continue;
        }
        expect(start).toBe(endOf(index) - 40);
        let wallTime = start;
        const times = outcome.epochs.map(({ seconds }) => (wallTime += seconds));
        const curve = (figure: (record: EpochRecord) => number) =>
          outcome.epochs.map((record, place) => [record.epoch, Math.fround(figure(record)), times[place]]);
        const tests = (value: number) => [[3, Math.fround(value), endOf(index)]];
        expect(scalars).toEqual({
          'train/loss': curve((record) => record.trainLoss),
          'train/accuracy': curve((record) => record.trainAccuracy),
          'val/loss': curve((record) => record.valLoss),
          'val/accuracy': curve((record) => record.valAccuracy),
          'val/balanced_accuracy': curve((record) => record.valBalancedAccuracy!),
          'val/macro_f1': curve((record) => record.valMacroF1!),
          ...(index === 0 ? {} : { 'val/top5': curve((record) => record.valTop5!) }),
          'time/epoch_seconds': curve((record) => record.seconds),
          ...(outcome.status === 'completed'
            ? { 'test/loss': tests(1.25), 'test/accuracy': tests(0.7) }
            : {}),
        });
      }
    },
  );

  test('compares the trials in the HPARAMS tab', { timeout: 120_000 }, async () => {
    const folder = newFolder();
    await writeTensorboard(folder, analyse(plan, outcomes), records);
    const rows = JSON.parse(await runPython(tableReader, folder)) as Record<string, object>;
    expect(Object.keys(rows).sort()).toEqual(plan.trials.map(runOf).sort());
    for (const [index, trial] of plan.trials.entries()) {
      const outcome = outcomes.get(trial.id)!;
      expect(rows[runOf(trial)]).toMatchObject({
        status: outcome.status === 'completed' ? 1 : 2,
        hparams: { ...plan.cells[trial.cellIndex]!.axes, seed: trial.seed },
        // Of the last epoch, as TensorBoard has it.
        metrics:
          outcome.status === 'failed'
            ? {}
            : { 'val/accuracy': Math.fround(epochOf(index, outcome.epochs.length).valAccuracy) },
      });
    }
  });

  test('finds the same figures while a trial trains', { timeout: 120_000 }, async () => {
    const folder = newFolder();
    const warnings: string[] = [];
    const log = new TensorboardLog(folder, plan, (line) => warnings.push(line));
    const [trial] = plan.trials as [Trial];
    const before = Date.now() / 1000;
    log.show({ type: 'started', trial, slot: 0 });
    log.show({ type: 'epoch', trial, slot: 0, record: epochOf(0, 9) }); // of an attempt that failed then
    log.show({ type: 'retried', trial, slot: 0, retry: 1, outcome: outcomeOf(2) as never });
    for (const epoch of [1, 2]) log.show({ type: 'epoch', trial, slot: 0, record: epochOf(0, epoch) });
    const running = (await readRuns(folder))[runOf(trial)]!;
    expect(running).toMatchObject({ status: false, end: false });
    expect(running.start).toBeGreaterThanOrEqual(before);
    expect(running.scalars['val/loss']!.map(([step, value]) => [step, value])).toEqual([
      [1, Math.fround(2.5)],
      [2, Math.fround(1.25)],
    ]);
    log.show({ type: 'ended', trial, slot: 0, outcome: outcomeOf(0) });
    expect((await readRuns(folder))[runOf(trial)]).toMatchObject({ status: 1, scalars: running.scalars });
    expect(warnings).toEqual([]);
  });
});

test('files that are made again are the same, byte for byte; a trial has one', async () => {
  const folder = newFolder();
  const report = analyse(plan, outcomes);
  new TensorboardLog(folder, plan, (line) => expect(line).toBe('')).show({
    type: 'started',
    trial: plan.trials[0]!,
    slot: 0,
  });
  await writeTensorboard(folder, report, records);
  const first = folderContent(folder);
  const times = () => Object.keys(first).map((name) => statSync(join(folder, name)).mtimeMs);
  const written = times();
  await writeTensorboard(folder, report, records);
  expect(folderContent(folder)).toEqual(first);
  expect(times()).toEqual(written);
  expect(Object.keys(first)).toHaveLength(plan.trials.length);
});

test('a disk that refuses costs one warning', () => {
  const warnings: string[] = [];
  const log = new TensorboardLog('/dev/null', plan, (line) => warnings.push(line));
  for (const trial of plan.trials) log.show({ type: 'started', trial, slot: 0 });
  expect(warnings).toEqual([expect.stringContaining('not written, ENOTDIR')]);
});

test.each([
  ['augmentation=flip dropout=0.25 seed=2017', 'augmentation=flip dropout=0.25/seed=2017'],
  ['seed=2017', 'seed=2017'],
  ['augmentation=a/../b seed=2017', 'augmentation=a_.._b~daa3027c/seed=2017'],
  [`a=${'ü'.repeat(150)} seed=2017`, `a=${'ü'.repeat(99)}~36eb6bc9/seed=2017`],
])('a trial %s is in the folder %s', (label, folder) => {
  const path = eventPath('runs', plan, { label, seed: 2017 } as Trial);
  expect(path).toBe(`runs/flip/${folder}/events.out.tfevents.runner`);
});

test('on Windows a trial’s folder has a name that Windows takes', () => {
  const at = (name: string, label: string) =>
    eventPath('runs', { name }, { label, seed: 2017 } as Trial, 'win32').slice('runs/'.length);
  expect(at('flip', 'augmentation=flip seed=2017')).toMatch(/^flip\/augmentation=flip\/seed=2017\//);
  expect(at('flip', 'augmentation=a:b? seed=2017')).toMatch(
    /^flip\/augmentation=a_b_~[0-9a-f]{8}\/seed=2017\//,
  );
  expect(at('flip', 'augmentation=v1. seed=2017')).toMatch(
    /^flip\/augmentation=v1_~[0-9a-f]{8}\/seed=2017\//,
  );
  expect(at('nul', 'seed=2017')).toMatch(/^nul_\/seed=2017\//);
});
