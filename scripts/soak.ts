/**
 * Kills a sweep again and again at random moments, and checks each time what docs/promises.md promises:
 *
 *     npm run soak -- 100      # so many kills
 *     npm run soak -- 100 7    # the faults that seed 7 chooses
 */
import { killSweeps } from '../test/faults/kill-sweeps.js';

const [kills = '100', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`${kills} kills, seed ${seed}`);
console.log(await killSweeps(Number(kills), Number(seed), console.log));
