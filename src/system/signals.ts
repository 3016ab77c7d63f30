/**
 * How people, terminals and systems ask a process to end. On Windows SIGTERM and SIGQUIT never come, Ctrl-Break is
 * SIGBREAK and a console that is closed is SIGHUP; elsewhere there is no SIGBREAK, and to listen for it does nothing.
 */
const askingToEnd = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK'] as const;

/** Those of a terminal, which tells all processes that were started in it, children too. */
const ofTerminal = ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGBREAK'] as const;

/** @returns ends the listening */
export function whenAskedToEnd(listener: () => void): () => void {
  for (const signal of askingToEnd) process.on(signal, listener);
  return () => {
    for (const signal of askingToEnd) process.off(signal, listener);
  };
}

/** For a child: what becomes of it at Ctrl-C, or at the end of the terminal, its parent decides. */
export function leaveTerminalToParent(): void {
  for (const signal of ofTerminal) process.on(signal, () => {});
}
