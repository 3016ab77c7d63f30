import { join } from 'node:path';

/** Of an experiment's results: what its trials' processes print, one file per trial. */
export const logsFolder = (directory: string): string => join(directory, 'logs');

/** Sixteen digits of the id are enough to tell trials apart, and short enough to be copied. */
export const logName = (trialId: string): string => `${trialId.slice(0, 16)}.log`;
