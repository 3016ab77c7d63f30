import type { PortableModel } from './portable-model.js';

/** A format that models are saved in. Each module of formats/ exports one by default, and that is all that it takes to add one. */
export interface ModelFormat {
  /** Files and folders that it writes. */
  readonly fileNames: readonly string[];
  /** @throws Error where they cannot be written */
  readonly write: (model: PortableModel, directory: string) => Promise<void>;
}
