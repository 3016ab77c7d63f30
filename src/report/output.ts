import type { Environment } from '../run/journal-record.js';
import type { Report } from './analyse.js';

/**
 * A file of an experiment's results. Each module of outputs/ exports one by default, and that is all that it takes to
 * add one.
 */
export interface Output {
  readonly fileName: string;
  /**
   * The file's content, a pure function of what is known, so that a file made again is byte-identical; null where there
   * is nothing to write.
   * @param environment of the last run that trained something; null where none has
   */
  readonly render: (report: Report, environment: Environment | null) => string | null;
}
