/**
 * The 13 matrix products of a step, forward and for the kernel's gradient, against what one core can do:
 *
 *     npx tsx bench/products.ts 1 56
 */
import { measureCeilings } from './ceilings.js';
import { describeMachine } from './machine.js';
import { batch } from './programs.js';

const [alpha = 1, size = 56] = process.argv.slice(2).map(Number);
const { peak, copy, products } = await measureCeilings(alpha, size, batch);
const share = (flops: number) => `${flops.toFixed(0)} (${((100 * flops) / peak).toFixed(0)} %)`;
console.log(`${describeMachine()}. One core: ${peak.toFixed(0)} GFLOP/s, copies ${copy.toFixed(0)} GB/s\n`);
console.log('| rows × depth × columns | forward, GFLOP/s | gradient of the kernel, GFLOP/s |');
console.log('|---|---|---|');
for (const { rows, depth, columns, multiply, correlate } of products)
  console.log(`| ${rows} × ${depth} × ${columns} | ${share(multiply)} | ${share(correlate)} |`);
