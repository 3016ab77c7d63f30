/** Cephes' functions, ready to be called: the package compiles its WebAssembly while the program goes on. */
import { compiled, incbi, stdtr, stdtri } from 'cephes';

await compiled;

export { incbi, stdtr, stdtri };
