/** Images of one part of a data set, as the planner knows them. */
export interface PartFacts {
  readonly count: number;
  /** The label of each image in the data's order; absent where they are read by trials only. */
  readonly labels?: Uint16Array;
  /** Places in that order where no part may end: the image before belongs together with the one there. */
  readonly joined?: ReadonlySet<number>;
}

/** What is known of a data set without decoding its images: all that the planner and the statistics need. */
export interface DatasetFacts {
  /** As files write it: `fashion-mnist`. */
  readonly name: string;
  /** As people write it: `Fashion-MNIST`. */
  readonly title: string;
  readonly train: PartFacts;
  /** Null: its validation images are taken from elsewhere. */
  readonly val: PartFacts | null;
  readonly test: PartFacts | null;
  /** Pixels, where every image is a square of one side; else null. */
  readonly side: number | null;
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  /** One hash for the whole data set, hexadecimal; part of every trial's identity. */
  readonly sha256: string;
}

/** What training knows of the images that it gets. */
export interface ImageFacts {
  /** Of an image, pixels and channels. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  /** Of the training images' pixels, one number per channel, 0 to 1. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Images in a file, one after the other, each filled up to a multiple of four bytes. */
export interface ImageFile {
  readonly path: string;
  /** Of the first of them in the file, from 0. */
  readonly first: number;
}

/** Labels count from 0. */
export interface LabelledImages {
  /** Row by row, channels last: height × width × channels bytes per image; or where they are read from. */
  readonly images: Uint8Array | ImageFile;
  readonly labels: Uint8Array | Uint16Array;
}

export interface DatasetImages {
  readonly train: LabelledImages;
  readonly val: LabelledImages | null;
  readonly test: LabelledImages | null;
}

/** Images in memory. */
export interface LoadedImages extends LabelledImages {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
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

/** A data set that has a name everywhere: one file in sets/, whose default export it is. */
export interface Dataset extends DatasetFacts, Pick<ImageFacts, 'shape'> {
  /** As `ImageFacts` has them; null: they are taken from the training images when those are read. */
  readonly mean: ImageFacts['mean'] | null;
  readonly deviation: ImageFacts['deviation'] | null;
  readonly val: null;
  readonly test: PartFacts;
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
  load(
    directory: string,
  ): Promise<{ readonly train: LoadedImages; readonly val: null; readonly test: LoadedImages }>;
}
