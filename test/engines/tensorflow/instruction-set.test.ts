import { expect, test } from 'vitest';
import { instructionSetOf, instructionSetsOf } from '../../../src/engines/tensorflow/instruction-set.js';

const processor = (flags: string) => `processor\t: 0\nflags\t\t: fpu sse2 ${flags}\nbugs\t\t:\n\n`;
const avx512 = 'fma avx2 avx512f avx512dq avx512bw avx512vl';

test.each([
  ['a processor of 2011', processor('avx'), 'baseline'],
  ['AVX2', processor('avx fma avx2'), 'avx2'],
  ['AVX2 without FMA', processor('avx avx2'), 'baseline'],
  ['AVX-512', processor(avx512), 'avx512'],
  [
    "AVX-512 on AMD's Zen 4, in halves",
    `vendor_id\t: AuthenticAMD\ncpu family\t: 25\n${processor(avx512)}`,
    'avx2',
  ],
  ["AVX-512 on AMD's Zen 5", `vendor_id\t: AuthenticAMD\ncpu family\t: 26\n${processor(avx512)}`, 'avx512'],
  ['AVX-512 without its later parts', processor('fma avx2 avx512f'), 'avx2'],
  ['two processors: what both have', processor(avx512) + processor('fma avx2'), 'avx2'],
  ['an ARM processor', 'processor\t: 0\nFeatures\t: fp asimd\n', 'baseline'],
  ['no such file', '', 'baseline'],
])('%s', (_, cpuinfo, expected) => {
  expect(instructionSetOf(cpuinfo).name).toBe(expected);
});

test('processors of one architecture have any of these, each of which holds those behind it', () => {
  expect(instructionSetsOf('x64').map(({ name }) => name)).toEqual(['avx512', 'avx2', 'baseline']);
  expect(instructionSetsOf('arm64').map(({ name }) => name)).toEqual(['baseline']);
  const [widest, ...narrower] = instructionSetsOf('x64');
  for (const { options } of narrower) expect(widest!.options).toEqual(expect.arrayContaining([...options]));
});
