import { expect, test } from 'vitest';
import { classifyExit } from '../../../src/run/processes/classify-exit.js';

const exit = { code: 1, signal: null, systemKilled: false, log: '' } as const;

test.each([
  [exit, 'crash', 'its process ended with code 1'],
  [{ ...exit, code: null, signal: 'SIGSEGV' }, 'crash', 'its process was ended by SIGSEGV'],
  [{ ...exit, code: null, signal: 'SIGKILL' }, 'crash', 'its process was ended by SIGKILL'],
  [
    { ...exit, code: null, signal: 'SIGKILL', systemKilled: true },
    'outOfMemory',
    'the system ended its process: it was out of memory',
  ],
  [
    {
      ...exit,
      code: null,
      signal: 'SIGABRT',
      log: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    },
    'outOfMemory',
    'its process ran out of memory',
  ],
  [
    { ...exit, log: "terminate called after throwing an instance of 'std::bad_alloc'" },
    'outOfMemory',
    'its process ran out of memory',
  ],
] as const)('%j', (given, failure, cause) => {
  expect(classifyExit(given)).toEqual({ failure, cause });
});
