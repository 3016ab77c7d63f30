/** What is known of a data set without reading it: all that the planner and the statistics need. */
export interface DatasetFacts {
  /** As files write it: `fashion-mnist`. */
  readonly name: string;
  /** As people write it: `Fashion-MNIST`. */
  readonly title: string;
  readonly train: { readonly count: number };
  readonly test: { readonly count: number };
  /** Of an image, pixels and channels. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  /** Of the training images' pixels, one number per channel, 0 to 1. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** One hash for the whole data set, hexadecimal; part of every trial's identity. */
  readonly sha256: string;
}

/** Images as bytes, row by row, channels last: height × width × channels bytes per image. Labels count from 0. */
export interface LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export interface DatasetImages {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

export interface FoundData {
  readonly directory: string;
  /** Where it comes from, for people, such as `--data-dir` or `Debian package`. */
  readonly source: string;
}

export interface FindDataOptions {
  readonly dataDir?: string | undefined;
  readonly onProgress: (line: string) => void;
}

/** A data set: one file in sets/, whose default export it is. */
export interface Dataset extends DatasetFacts {
  /** What its folder holds, for people: `four IDX files`. */
  readonly contents: string;
  /** The environment variable that names its folder: `FASHION_MNIST_DIR`. */
  readonly directoryVariable: string;
  /** Where it is on this machine; null where it is nowhere. Never fetches. @throws RunnerError `bad-data-dir` */
  peek(dataDir?: string): FoundData | null;
  /** As `peek`, else fetched into the cache. @throws RunnerError `bad-data-dir`, `data-not-found` */
  find(options: FindDataOptions): Promise<FoundData>;
  /** Checks the content in full. @throws RunnerError `data-corrupt` */
  verify(directory: string): Promise<void>;
  /** Reads it; checks shapes, not hashes. @throws RunnerError `data-corrupt` */
  load(directory: string): Promise<DatasetImages>;
}
