import { expect, test } from 'vitest';
import { classifyExit, countSystemKills } from '../../../src/run/processes/classify-exit.js';

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
  [
    { ...exit, code: null, signal: 'SIGKILL', systemKilled: null },
    'crash',
    'its process was ended by SIGKILL, as systems do that are out of memory',
  ],
  [
    { ...exit, code: null, signal: 'SIGSEGV', systemKilled: null },
    'crash',
    'its process was ended by SIGSEGV',
  ],
  [
    { ...exit, log: 'RangeError: WebAssembly.Memory.grow(): Maximum memory size exceeded' },
    'outOfMemory',
    'its process ran out of memory',
  ],
  [
    { ...exit, log: "malloc: *** mach_vm_map(size=1099511627776) failed\n*** error: can't allocate region" },
    'outOfMemory',
    'its process ran out of memory',
  ],
  [{ ...exit, code: 0xc0000017 }, 'outOfMemory', 'its process ran out of memory'],
  [{ ...exit, code: 0xc0000005 }, 'crash', 'its process ended with code 3221225477 (an access violation)'],
] as const)('%j', (given, failure, cause) => {
  expect(classifyExit(given)).toEqual({ failure, cause });
});

test.runIf(process.platform === 'linux')('Linux counts whom it ends for want of memory', () => {
  expect(countSystemKills()).toBeGreaterThanOrEqual(0);
});
