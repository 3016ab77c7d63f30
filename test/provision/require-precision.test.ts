import { expect, test } from 'vitest';
import { requirePrecision, whyNoBfloat16 } from '../../src/provision/require-precision.js';
import { wasmEngine } from '../../src/engines/wasm/provision-wasm.js';
import { paramsOf } from '../params.js';

const cpu = { family: 'tensorflow', devices: { kind: 'cpu', cores: 2 } } as const;
const gpu = { family: 'tensorflow', devices: { kind: 'gpu', gpus: [{ index: 0, name: 'H100' }] } } as const;
const cpuinfo = (flags: string) => `processor\t: 0\nflags\t\t: fpu avx2 ${flags}\nbugs\t\t:\n`;

test.each([
  ['a processor that has it', cpu, cpuinfo('avx512f avx512_bf16'), null],
  ['one of another machine, which says so itself', cpu, null, null],
  ['one that has not', cpu, cpuinfo('avx512f'), 'this processor has no AVX512_BF16'],
  ['no such file', cpu, '', 'this processor has no AVX512_BF16'],
  ['a GPU', gpu, cpuinfo('avx512_bf16'), 'on a GPU it is not built'],
  ['WebAssembly', wasmEngine(''), cpuinfo('avx512_bf16'), 'the WebAssembly engine has no such instructions'],
])('bfloat16 by %s', (_, engine, info, why) => {
  expect(whyNoBfloat16(engine as typeof cpu, info)).toBe(why);
});

test('what multiplies float32 is refused nowhere, and bfloat16 before anything is trained', async () => {
  const trial = { params: paramsOf() };
  await requirePrecision([trial], wasmEngine(''), true);
  await expect(
    requirePrecision([trial, { params: paramsOf({ precision: 'bfloat16' }) }], wasmEngine(''), true),
  ).rejects.toMatchObject({ problems: [{ kind: 'environment', reason: 'no-bfloat16' }] });
});
