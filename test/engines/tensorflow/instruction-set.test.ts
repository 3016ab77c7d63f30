import { expect, test } from 'vitest';
import { instructionSetOf } from '../../../src/engines/tensorflow/instruction-set.js';

const processor = (flags: string) => `processor\t: 0\nflags\t\t: fpu sse2 ${flags}\nbugs\t\t:\n\n`;
const avx512 = 'fma avx2 avx512f avx512dq avx512bw avx512vl';

test.each([
  ['a processor of 2011', processor('avx'), 'baseline'],
  ['AVX2', processor('avx fma avx2'), 'avx2'],
  ['AVX2 without FMA', processor('avx avx2'), 'baseline'],
  ['AVX-512', processor(avx512), 'avx512'],
  ['AVX-512 without its later parts', processor('fma avx2 avx512f'), 'avx2'],
  ['two processors: what both have', processor(avx512) + processor('fma avx2'), 'avx2'],
  ['an ARM processor', 'processor\t: 0\nFeatures\t: fp asimd\n', 'baseline'],
  ['no such file', '', 'baseline'],
])('%s', (_, cpuinfo, expected) => {
  expect(instructionSetOf(cpuinfo).name).toBe(expected);
});
