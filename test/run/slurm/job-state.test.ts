import { expect, test } from 'vitest';
import { endOf, isLasting } from '../../../src/run/slurm/job-state.js';

test('the first word of a state counts, and what is not known goes on', () => {
  expect(endOf('CANCELLED by 1000')).toBe('cancelled');
  expect(endOf('TIMEOUT')).toBe('timeout');
  expect(endOf('OUT_OF_MEMORY')).toBe('outOfMemory');
  for (const state of ['RUNNING', 'COMPLETING', 'REQUEUED', 'STAGE_OUT', 'SOMETHING_NEW', ''])
    expect(endOf(state)).toBeNull();
});

test('reasons that do not pass by themselves', () => {
  for (const reason of [
    'PartitionConfig',
    'PartitionTimeLimit',
    'InvalidQOS',
    'QOSMaxGRESPerUser',
    'JobHeldUser',
  ])
    expect(isLasting(reason)).toBe(true);
  for (const reason of ['Priority', 'Resources', 'JobArrayTaskLimit', 'ReqNodeNotAvail', 'None'])
    expect(isLasting(reason)).toBe(false);
});
