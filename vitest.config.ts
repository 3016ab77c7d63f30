import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: started last, one of them would run alone at the end. */
const longest = [
  'slurm/faults', // its minutes are mostly waiting, for Slurm
  'slurm/slurm',
  'slurm/ends',
  'slurm/shared-cache', // compiles for every processor
  'two-runners', // a minute of it is waiting
  'kills',
  'fuzz',
  'disk',
  'sharing',
  'environment',
  'terminal',
  'cli',
  'trial-process',
  'provision-engine',
  'failures',
  'classify-error',
  'scripts',
].map((name) => `${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // The engine is a native library: it is loaded into processes, never into worker threads.
    pool: 'forks',
    maxWorkers: 4, // on two cores: some tests wait, for a lock of another host, an allocator or a limit of time
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
