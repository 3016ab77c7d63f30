/** Takes a lock again and again, and writes down when it had it: `tsx lock-contender.ts LOCK LOG TIMES`. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessLock, ProcessLocks } from '../../src/system/process-lock.js';

const [path, log, times] = process.argv.slice(2) as [string, string, string];
const locks = new ProcessLocks();
console.log('ready');
for (let taken = 0; taken < Number(times);) {
  const lock = await locks.tryLock(path);
  if (lock instanceof ProcessLock) {
    taken++;
    appendFileSync(log, `${process.pid} has it\n`);
    await sleep(Math.random() * 4);
    appendFileSync(log, `${process.pid} gives it back\n`);
    await lock.release();
  }
  await sleep(Math.random() * 2);
}
