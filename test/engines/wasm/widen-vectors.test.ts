import { describe, expect, it } from 'vitest';
import { joinsVectors } from '../../../src/engines/wasm/widen-vectors.js';

const flags = (...names: string[]) => `processor\t: 0\nflags\t\t: fpu sse4_2 ${names.join(' ')}\n`;

describe('two vectors of WebAssembly are joined', () => {
  it.each([
    ['Node 24 where AVX2 is', '13.6.233.17-node.48', 'x64', flags('avx', 'avx2'), true],
    ['Node 26', '14.6.202.34-node.22', 'x64', flags('avx', 'avx2'), true],
    ['Node 24 where nothing says what there is', '13.6.233.17-node.48', 'x64', '', true],
    ['Node 24 without AVX2', '13.6.233.17-node.48', 'x64', flags('avx'), false],
    ['another processor', '13.6.233.17-node.48', 'arm64', 'Features\t: fp asimd\n', false],
    ['Node 20', '11.3.244.8-node.30', 'x64', flags('avx', 'avx2'), false],
    ['a version that nobody has tried', '15.0.1.2-node.1', 'x64', flags('avx', 'avx2'), false],
  ])('%s', (_name, v8, arch, cpuinfo, expected) => {
    expect(joinsVectors(v8, arch, cpuinfo)).toBe(expected);
  });
});
