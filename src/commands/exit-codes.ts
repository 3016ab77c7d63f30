/** What the exit codes of a run mean. */
export const exitMeanings = {
  0: 'all trials completed',
  1: 'some failed or diverged',
  2: 'nothing ran',
  130: 'interrupted',
} as const;

export type RunExitCode = keyof typeof exitMeanings;
