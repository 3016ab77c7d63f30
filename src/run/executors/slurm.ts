import type { ExecutorDefinition } from '../executor.js';
import { SlurmExecutor } from '../slurm/slurm-executor.js';

/** Job arrays of a Slurm cluster, whose machines share this one's files. */
export default {
  name: 'slurm',
  open: (options) => new SlurmExecutor(options),
} satisfies ExecutorDefinition;
