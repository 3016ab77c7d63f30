/** Why a signal is aborted: a trial that does without this process goes on, and is followed no more. */
export const leaveRunning = Symbol('leave running');
