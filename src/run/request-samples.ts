import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SampleAnswer, SampleRequest } from '../trial/sample-protocol.js';

const sampleProcess = fileURLToPath(new URL('../../dist/train/sample-process.js', import.meta.url));
/** Milliseconds. */
const longest = 120_000;

/**
 * Samples of augmentations, drawn by the trainer's code in a process of its own.
 * @param environment variables for the process, beside this one's
 * @returns null where the process ends without an answer: a report does without them
 */
export function requestSamples(
  request: SampleRequest,
  environment: Readonly<Record<string, string>>,
): Promise<SampleAnswer | null> {
  const child = fork(sampleProcess, [], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
    timeout: longest,
  });
  return new Promise((resolve) => {
    child.once('message', (answer: SampleAnswer) => resolve(answer));
    child.once('error', () => resolve(null));
    child.once('exit', () => resolve(null));
    child.send(request, () => {}); // a process that is gone is known by its exit
  });
}
