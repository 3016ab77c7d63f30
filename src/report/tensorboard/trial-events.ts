import type { AxisValue } from '../../plan/plan.js';
import type { EpochRecord, TestRecord, TrialOutcome } from '../../trial/outcome.js';
import type { TrialResult } from '../statistics/trial-results.js';
import { hparamsStatus, hparamsValue, type HparamValue, type TensorboardEvent } from './encode-event.js';

/** What a trial's file begins with. @param hparams by name; @param wallTime seconds since 1970 */
export function startEvents(
  hparams: Readonly<Record<string, AxisValue>>,
  wallTime: number,
): TensorboardEvent[] {
  const values = Object.fromEntries(Object.entries(hparams).map(([name, value]) => [name, toHparam(value)]));
  const start = hparamsValue('_hparams_/session_start_info', {
    sessionStartInfo: { hparams: values, startTimeSecs: wallTime },
  });
  return [
    { wallTime, fileVersion: 'brain.Event:2' },
    { wallTime, step: 0, summary: { value: [start] } },
  ];
}

/** Tags of an epoch's figures. */
const epochTags = {
  trainLoss: 'train/loss',
  trainAccuracy: 'train/accuracy',
  valLoss: 'val/loss',
  valAccuracy: 'val/accuracy',
  valBalancedAccuracy: 'val/balanced_accuracy',
  valMacroF1: 'val/macro_f1',
  valTop5: 'val/top5',
  seconds: 'time/epoch_seconds',
} as const satisfies Partial<Record<keyof EpochRecord, string>>;

const testTags = {
  testLoss: 'test/loss',
  testAccuracy: 'test/accuracy',
  testBalancedAccuracy: 'test/balanced_accuracy',
  testMacroF1: 'test/macro_f1',
  testTop5: 'test/top5',
} as const satisfies Partial<Record<keyof TestRecord, string>>;

/** An epoch's figures: its step is the epoch. */
export const epochEvent = (record: EpochRecord, wallTime: number): TensorboardEvent =>
  scalars(epochTags, record, record.epoch, wallTime);

export function endEvent({ status }: TrialOutcome, wallTime: number): TensorboardEvent {
  const end = hparamsValue('_hparams_/session_end_info', {
    sessionEndInfo: {
      status: status === 'completed' ? hparamsStatus.success : hparamsStatus.failure,
      endTimeSecs: wallTime,
    },
  });
  return { wallTime, step: 0, summary: { value: [end] } };
}

/**
 * All of a trial that has ended, the test value of its selected epoch among it. Times follow from when its outcome was
 * recorded and from how long its epochs took, so they are the same whenever this is computed.
 * @param endedAt seconds since 1970
 */
export function trialEvents(
  { outcome, test }: TrialResult,
  hparams: Readonly<Record<string, AxisValue>>,
  endedAt: number,
): TensorboardEvent[] {
  const { epochs, trainSeconds } = outcome.status === 'failed' ? { epochs: [], trainSeconds: 0 } : outcome;
  let wallTime = endedAt - trainSeconds;
  return [
    ...startEvents(hparams, wallTime),
    ...epochs.map((record) => epochEvent(record, (wallTime += record.seconds))),
    ...(test ? [scalars(testTags, test, test.epoch, endedAt)] : []),
    endEvent(outcome, endedAt),
  ];
}

function scalars<Row extends object>(
  tags: Partial<Record<keyof Row, string>>,
  row: Row,
  step: number,
  wallTime: number,
): TensorboardEvent {
  const value = (Object.entries(tags) as [keyof Row, string][]).flatMap(([name, tag]) =>
    row[name] === undefined ? [] : [{ tag, simpleValue: row[name] as number }],
  );
  return { wallTime, step, summary: { value } };
}

function toHparam(value: AxisValue): HparamValue {
  switch (typeof value) {
    case 'number':
      return { numberValue: value };
    case 'boolean':
      return { boolValue: value };
    default:
      return { stringValue: value };
  }
}
