import type { AugmentationEntry } from '../augmentations/augmentations.js';
import type { ParamsEntry } from '../params/parameter.js';
import type { OwnEntry } from '../data/own/own-entry.js';
import type { MetricName, SavedModels } from '../plan/plan.js';
import type { Place } from '../diagnostics/code-frame.js';
import type { SourceFile } from './source/read-experiment.js';
import type { SourcePath } from './source/source-tree.js';

/** Values that a cell must have, by parameter (dotted or nested) or `variant`; a list means any of its values. */
export type MatchEntry = Readonly<Record<string, unknown>>;

/** The values of an axis, ranges written out; with `when`, the axis exists only in the cells that match. */
export type AxisEntry =
  readonly unknown[] | { readonly values: readonly unknown[]; readonly when?: MatchEntry };

/** Lists that move together, by parameter. */
export type ZipGroup = Readonly<Record<string, readonly unknown[]>>;

/** Axes by parameter, beside what belongs to this grid only. */
export interface GridEntry {
  readonly zip?: Readonly<Record<string, ZipGroup>>;
  readonly exclude?: readonly MatchEntry[];
  readonly [axis: string]: unknown;
}

/** Where a data set of the user's own is, and how it is read. One of `folder`, `idx` and `csv`. */
export interface DatasetEntry {
  /** Paths are relative to the file that names them. */
  readonly folder?: string;
  readonly idx?: string;
  readonly csv?: string;
  readonly layout?: 'classes' | 'splits';
  /** In order; others are left out. */
  readonly classes?: readonly string[];
  readonly channels?: 1 | 3;
  /** A grey value for `black`, `white` or 0 to 255. */
  readonly background?: 'white' | 'black' | number;
  readonly badImages?: 'stop' | 'skip';
  readonly trainImages?: string;
  readonly trainLabels?: string;
  readonly testImages?: string;
  readonly testLabels?: string;
  readonly firstLabel?: number;
  readonly transpose?: boolean;
  readonly columns?: {
    readonly path?: string;
    readonly label?: string;
    readonly split?: string;
    readonly group?: string;
  };
  readonly order?: 'content' | 'file';
}

/** What schema/experiment.schema.json describes, `extends` and `--set` already followed. */
export interface ExperimentFile {
  readonly name: string;
  readonly description?: string;
  readonly params?: ParamsEntry;
  readonly augmentations?: Readonly<Record<string, readonly AugmentationEntry[]>>;
  readonly datasets?: Readonly<Record<string, DatasetEntry>>;
  readonly variants?: Readonly<Record<string, ParamsEntry>>;
  readonly matrix?: GridEntry | readonly GridEntry[];
  readonly zip?: Readonly<Record<string, ZipGroup>>;
  readonly exclude?: readonly MatchEntry[];
  /** One value for each parameter named. */
  readonly include?: readonly Readonly<Record<string, unknown>>[];
  readonly overrides?: readonly { readonly when: MatchEntry; readonly set: ParamsEntry }[];
  readonly mode?: 'product' | 'oneAtATime';
  readonly seeds?:
    | readonly number[]
    | { readonly count: number; readonly base?: number }
    | {
        readonly until: 'decided';
        readonly min?: number;
        readonly max?: number;
        readonly base?: number;
      };
  readonly data?: {
    readonly trainSubset?: number;
    /** A number of images, or a share below 1. */
    readonly validation?: 'test' | 'val' | { readonly holdout: number };
  };
  readonly metric?: {
    readonly name?: MetricName;
    readonly goal?: 'maximize' | 'minimize';
    readonly select?: 'best' | 'last';
  };
  readonly compare?: {
    /** There, but perhaps in an ablation. */
    readonly baseline?: Readonly<Record<string, unknown>>;
    readonly vary?: readonly string[];
    readonly margin?: number;
    readonly stopping?: 'anytime' | 'fixed';
  };
  /** Durations as `parseDuration` reads them. */
  readonly budget?: {
    readonly maxTrials?: number;
    readonly maxDuration?: string;
    readonly trialTimeout?: string;
    readonly stallTimeout?: string;
    readonly maxFailedTrials?: number;
  };
  readonly retry?: { readonly max?: number };
  readonly checkpoint?: { readonly everyEpochs?: number };
  readonly save?: { readonly models?: SavedModels };
  readonly order?: 'interleaved' | 'cellByCell';
  readonly resources?: { readonly maxConcurrentTrials?: 'auto' | number };
}

/** A validated experiment, each value with its place. */
export interface ExperimentSpec extends ExperimentFile {
  /** Its values alone. */
  readonly experiment: ExperimentFile;
  /** The entries of `datasets`. */
  readonly ownDatasets: ReadonlyMap<string, OwnEntry>;
  /** Names of data sets that the file gives as values. */
  readonly usedDatasets: readonly string[];
  /** The file that was named, as the user wrote it; `<stdin>` for standard input. */
  readonly file: string;
  /** The same, then the files that it extends. */
  readonly files: readonly SourceFile[];
  /** What the experiment was read from, in order: this file, those it extends, each `--set`. For `sortProblems`. */
  readonly sources: readonly string[];
  /** Where the value at a path stands; for one that no file gives, the nearest that holds it. */
  placeOf(path: SourcePath): Place;
  /** As `placeOf`, for the key before the value. */
  keyPlaceOf(path: SourcePath): Place;
}
