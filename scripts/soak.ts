/**
 * Kills a sweep again and again at random moments, and checks each time what docs/promises.md promises:
 *
 *     npm run soak -- 100      # so many kills
 *     npm run soak -- 100 7    # the faults that seed 7 chooses
 */
import { killSweeps } from '../test/faults/kill-sweeps.js';

const [kills = '100', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
if (![kills, seed].every((text) => /^\d+$/.test(text))) {
  console.error(`npm run soak -- KILLS SEED wants two whole numbers, not ${kills} and ${seed}`);
  process.exit(2);
}
console.log(`${kills} kills, seed ${seed}`);
console.log(await killSweeps(Number(kills), Number(seed), console.log));
