import { whenAskedToEnd } from '../system/signals.js';

/** The user has ended the program before anything was trained. */
export class InterruptedError extends Error {}

/**
 * Runs a task that cleans up where it is interrupted, as by Ctrl-C; a second one ends this process at once.
 * @throws InterruptedError; as the task
 */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const stopListening = whenAskedToEnd(() =>
    interruption.signal.aborted ? process.exit(130) : interruption.abort(),
  );
  try {
    return await task(interruption.signal);
  } catch (error) {
    throw interruption.signal.aborted ? new InterruptedError() : error;
  } finally {
    stopListening();
  }
}
