import { count } from '../diagnostics/count.js';
import { cancelSubmissions } from '../run/slurm/cancel-submissions.js';
import type { Arguments } from './arguments.js';
import { loadPlan } from './load-plan.js';
import { openResults } from './open-results.js';
import { say } from './say.js';

/** Ends what a cluster has of an experiment. What is trained stays, and so do checkpoints. */
export async function cancel(args: Arguments): Promise<number> {
  const plan = await loadPlan(args.files[0]!, args);
  const { directory } = openResults(plan, args);
  const tasks = await cancelSubmissions(directory, (line) => say(args, line));
  if (args.json) process.stdout.write(`${JSON.stringify({ cancelledTasks: tasks }, null, 2)}\n`);
  else
    process.stdout.write(
      tasks === 0 ? 'No cluster has anything of this experiment.\n' : `Cancelled: ${count(tasks, 'task')}.\n`,
    );
  return 0;
}
