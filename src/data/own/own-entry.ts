import type { Place } from '../../diagnostics/code-frame.js';

/** An entry of `datasets`, with its places in the file. */
export interface OwnEntry {
  readonly name: string;
  readonly kind: 'folder' | 'idx' | 'csv';
  /** As the file writes it. */
  readonly path: string;
  /** As seen from the working folder. */
  readonly location: string;
  readonly layout: 'classes' | 'splits' | null;
  /** In order, in NFC; null: all, by name. */
  readonly classes: readonly string[] | null;
  readonly channels: 1 | 3 | null;
  readonly background: number;
  readonly skipsBadImages: boolean;
  readonly order: 'content' | 'file';
  /** Of `idx`: names within the folder. */
  readonly files: {
    readonly trainImages: string;
    readonly trainLabels: string;
    readonly testImages: string | null;
    readonly testLabels: string | null;
  };
  readonly firstLabel: number;
  readonly transpose: boolean;
  /** Of `csv`. */
  readonly columns: {
    readonly path: string | null;
    readonly label: string | null;
    readonly split: string | null;
    readonly group: string | null;
  };
  /** Where a field's value stands; `kind` for the path. */
  placeOf(...field: readonly (string | number)[]): Place;
}
