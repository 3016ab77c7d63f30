import { createInterface } from 'node:readline';

/**
 * Asks at the terminal whether what a cluster has is to be cancelled. Every answer but yes leaves it running, and so does the
 * end of the input; Ctrl-C ends this process at once, which leaves it running too.
 */
export function askToCancel(): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    asking.once('SIGINT', () => process.exit(130));
    asking.once('close', () => resolve(false));
    asking.question('Cancel what the cluster runs and has in its queue? [y/N] ', (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      asking.close();
    });
  });
}
