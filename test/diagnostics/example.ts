/** A folder whose `sweep.yaml` cannot be run, and what the user is told. */
export interface Example {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly sets?: readonly string[];
  /** What the user reads, whole. */
  readonly text: string;
}
