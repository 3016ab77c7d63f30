import { createHash } from 'node:crypto';

export type FashionMnistPart = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

export interface FashionMnistFile {
  /** Without `.gz`. */
  readonly name: string;
  /** Of the data, without the IDX header. */
  readonly shape: readonly number[];
  /** SHA-256 of the decompressed file; the gzip files differ between publishers, the contents do not. */
  readonly sha256: string;
}

export const fashionMnistFiles: Readonly<Record<FashionMnistPart, FashionMnistFile>> = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    shape: [60_000, 28, 28],
    sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    shape: [60_000],
    sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    shape: [10_000, 28, 28],
    sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    shape: [10_000],
    sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
};

/** One hash for the whole data set: over the four files' hashes, in the order above. Known without reading them. */
export const fashionMnistSha256 = createHash('sha256')
  .update(
    Object.values(fashionMnistFiles)
      .map(({ sha256 }) => sha256)
      .join(''),
  )
  .digest('hex');
