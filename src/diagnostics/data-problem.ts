import { code, didYouMean, listWords, say, some, type Explanation } from './wording.js';
import { count } from './count.js';

/** What can be wrong with what a file says of a data set; underlined there. */
export type PlacedDataProblem =
  | {
      readonly reason: 'unknown-dataset';
      readonly name: string;
      readonly own: readonly string[];
      readonly known: readonly string[];
    }
  | {
      readonly reason: 'data-path';
      readonly path: string;
      /** Its full form. */
      readonly full: string;
      readonly expected: 'folder' | 'file';
      /** What is there in its place; null: nothing. */
      readonly found: string | null;
      readonly siblings: readonly string[];
    }
  | { readonly reason: 'no-classes'; readonly path: string; readonly images: number }
  | { readonly reason: 'one-class'; readonly path: string; readonly name: string }
  | {
      readonly reason: 'ambiguous-layout';
      readonly path: string;
      /** The two readings, as sentences. */
      readonly readings: readonly string[];
      readonly because: string;
    }
  | {
      readonly reason: 'bad-labels';
      readonly dataset: string;
      readonly lowest: number;
      readonly highest: number;
      readonly expected: string;
      readonly help: string;
    }
  | { readonly reason: 'channels-without-colour'; readonly dataset: string }
  | {
      readonly reason: 'dataset-field';
      readonly field: string;
      /** Why the field cannot be there, as a sentence. */
      readonly because: string;
    }
  | { readonly reason: 'unknown-class'; readonly name: string; readonly classes: readonly string[] }
  | {
      readonly reason: 'no-such-split';
      readonly title: string;
      readonly split: 'test' | 'val';
      /** Such as `train (3670 images)`. */
      readonly there: readonly string[];
    }
  | {
      readonly reason: 'class-not-parted';
      readonly title: string;
      readonly name: string;
      readonly images: number;
      readonly lacks: 'training' | 'validation';
    }
  | { readonly reason: 'too-few-classes'; readonly title: string; readonly classes: number }
  | { readonly reason: 'no-label'; readonly column: string; readonly lines: number }
  | { readonly reason: 'bad-csv'; readonly detail: string }
  | { readonly reason: 'unknown-column'; readonly column: string; readonly columns: readonly string[] }
  | { readonly reason: 'unknown-split'; readonly split: string }
  | {
      readonly reason: 'image-not-found';
      readonly file: string;
      readonly path: string;
      readonly siblings: readonly string[];
      /** The others of its kind, as `line 20: img/20.png`. */
      readonly others: readonly string[];
    };

/** What can be wrong with images on the disk. */
export type DiskDataProblem =
  | {
      readonly reason: 'class-only-validated';
      readonly title: string;
      readonly folder: string;
      /** Such as `` `tulips`: no image in train, 40 in val ``. */
      readonly classes: readonly string[];
      readonly trained: readonly string[];
    }
  | {
      readonly reason: 'class-without-images';
      readonly title: string;
      readonly folders: readonly string[];
      readonly others: readonly string[];
    }
  | { readonly reason: 'class-names-collide'; readonly title: string; readonly pairs: readonly string[] }
  | { readonly reason: 'unlabelled-images'; readonly title: string; readonly images: readonly string[] }
  | {
      readonly reason: 'bad-images';
      readonly title: string;
      readonly total: number;
      /** Such as `` `roses/1.jpg`: cut short ``. */
      readonly images: readonly string[];
    }
  | {
      readonly reason: 'image-kind';
      readonly title: string;
      readonly kinds: readonly string[];
      readonly images: number;
    }
  | {
      readonly reason: 'image-too-large';
      readonly path: string;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly reason: 'counts-differ';
      readonly images: string;
      readonly labels: string;
      readonly imageCount: number;
      readonly labelCount: number;
    }
  | {
      readonly reason: 'data-changed';
      readonly title: string;
      readonly path: string;
      readonly folder: string;
    }
  | { readonly reason: 'link-circle'; readonly path: string; readonly target: string }
  | { readonly reason: 'too-many-images'; readonly title: string; readonly limit: number }
  | {
      readonly reason: 'too-many-classes';
      readonly title: string;
      readonly classes: number;
      readonly limit: number;
    }
  | { readonly reason: 'no-room'; readonly path: string; readonly bytes: number; readonly free: number };

export function explainPlacedDataProblem(problem: PlacedDataProblem): Explanation {
  switch (problem.reason) {
    case 'unknown-dataset': {
      const { name, own, known } = problem;
      const notes = own.length > 0 ? [`of this file: ${listWords(own)}`] : [];
      return say(
        `there is no data set ${code(name)}`,
        didYouMean(name, [...own, ...known]),
        ...notes,
        `known without an entry: ${known.join(', ')}`,
        ...(own.length > 0
          ? []
          : ['help: `datasets: { flowers: { folder: ./flowers } }` names a folder of your own images']),
      );
    }
    case 'data-path': {
      const { path, full, expected, found, siblings } = problem;
      const label = found === null ? didYouMean(path, siblings) : `it is ${found}`;
      return say(
        `there is no ${expected} ${code(path)}`,
        label,
        `note: the path is relative to the file that names it: ${code(full)}`,
      );
    }
    case 'no-classes':
      return say(
        `${code(problem.path)} has no folders, and each class needs one`,
        problem.images === 0
          ? 'it has no images either'
          : `${count(problem.images, 'image')} ${problem.images === 1 ? 'lies' : 'lie'} directly in it`,
        'help: move the images of each class into a folder of its own, or list them: `{ csv: labels.csv }`',
      );
    case 'one-class':
      return say(
        `${code(problem.path)} has one class, ${code(problem.name)}`,
        'telling classes apart needs two',
      );
    case 'ambiguous-layout':
      return say(
        `${code(problem.path)} can be read in two ways`,
        problem.because,
        ...problem.readings,
        'help: say which: `layout: classes` or `layout: splits`',
      );
    case 'bad-labels': {
      const { dataset, lowest, highest, expected, help } = problem;
      return say(`the labels of ${code(dataset)} are ${lowest} to ${highest}, and must be ${expected}`, help);
    }
    case 'channels-without-colour':
      return say(
        `\`channels: 3\` asks for colour, and all images of ${code(problem.dataset)} are grey`,
        'leave it out, or write `channels: 1`',
      );
    case 'dataset-field':
      return say(`${code(problem.field)} cannot be here`, problem.because);
    case 'unknown-class':
      return say(
        `no image has the class ${code(problem.name)}`,
        didYouMean(problem.name, problem.classes),
        `classes: ${listWords(problem.classes)}`,
      );
    case 'no-such-split':
      return say(
        `${problem.title} has no images for ${problem.split === 'test' ? 'testing' : 'validation'}`,
        '`{ holdout: 0.2 }` validates on a part of its training images',
        `note: there are: ${problem.there.join(', ')}`,
      );
    case 'class-not-parted': {
      const { title, name, images, lacks } = problem;
      return say(
        `this holdout leaves no ${lacks} image of a class of ${title}`,
        `${code(name)} has ${count(images, 'image')}, and needs one to train on and one to validate`,
        'help: take another share, add images, or leave the class out with `classes`',
      );
    }
    case 'too-few-classes':
      return say(
        '`valTop5` says nothing of five classes or fewer: every image would be right',
        `${problem.title} has ${problem.classes}`,
      );
    case 'no-label':
      return say(
        problem.lines === 1
          ? 'an image has no label'
          : `${count(problem.lines, 'image')} have no label, this one first`,
        `expected a value of the column ${code(problem.column)}`,
      );
    case 'bad-csv':
      return say('this is no CSV file as RFC 4180 has it', problem.detail);
    case 'unknown-column':
      return say(
        `there is no column ${code(problem.column)}`,
        didYouMean(problem.column, problem.columns),
        `columns: ${listWords(problem.columns)}`,
        'note: the first line names the columns; `columns: { path: …, label: … }` says which is which',
      );
    case 'unknown-split':
      return say(`${code(problem.split)} is no part of a data set`, 'expected train, val or test');
    case 'image-not-found': {
      const { file, path, siblings, others } = problem;
      return say(
        others.length === 0
          ? `an image of ${code(file)} is not there`
          : `${count(others.length + 1, 'image')} of ${code(file)} are not there`,
        didYouMean(path, siblings),
        ...some(others),
        'note: paths are relative to the CSV file',
      );
    }
  }
}

export function explainDiskDataProblem(problem: DiskDataProblem): Explanation {
  const tell = (title: string, ...notes: readonly string[]): Explanation => ({ title, label: '', notes });
  switch (problem.reason) {
    case 'class-only-validated': {
      const { title, folder, classes, trained } = problem;
      return tell(
        `${classCount(classes.length)} of ${title} ${classes.length === 1 ? 'is' : 'are'} validated or tested and never trained on`,
        ...some(classes),
        `next: add images of ${classes.length === 1 ? 'it' : 'them'} to the training images in ${code(folder)}; or leave ${classes.length === 1 ? 'it' : 'them'} out: \`classes: [${trained.slice(0, 5).join(', ')}${trained.length > 5 ? ', …' : ''}]\``,
      );
    }
    case 'class-without-images': {
      const { title, folders, others } = problem;
      return tell(
        `${classCount(folders.length)} of ${title} ${folders.length === 1 ? 'has' : 'have'} no image`,
        ...some(folders),
        `next: delete ${folders.length === 1 ? 'this folder' : 'these folders'}; or list the classes that count: \`classes: [${others.slice(0, 5).join(', ')}${others.length > 5 ? ', …' : ''}]\``,
      );
    }
    case 'class-names-collide':
      return tell(
        `classes of ${problem.title} differ only in case or in how an accent is written`,
        ...some(problem.pairs),
        'next: rename or join them',
      );
    case 'unlabelled-images':
      return tell(
        `${count(problem.images.length, 'image')} of ${problem.title} ${problem.images.length === 1 ? 'has' : 'have'} no class: ${problem.images.length === 1 ? 'it lies' : 'they lie'} beside the folders of the classes`,
        ...some(problem.images.map(code)),
        'next: move each into the folder of its class, or elsewhere',
      );
    case 'bad-images': {
      const { title, total, images } = problem;
      return tell(
        `${images.length} of ${count(total, 'image')} of ${title} cannot be read`,
        ...some(images),
        'nothing was trained',
        'next: replace or delete these files; or train without them: `badImages: skip`',
      );
    }
    case 'image-kind':
      return tell(
        `${count(problem.images, 'image')} of ${problem.title} ${problem.images === 1 ? 'is' : 'are'} of a kind that cannot be read`,
        ...some(problem.kinds),
        'readable: JPEG, PNG, WebP, TIFF, AVIF, GIF (its first frame)',
        'next: convert them, such as `mogrify -format png *.heic`, then delete the originals; or `badImages: skip`',
      );
    case 'image-too-large': {
      const { path, width, height } = problem;
      return tell(
        `${code(path)} has ${width}×${height} pixels, ${Math.round((width * height) / 1e6)} million`,
        'at most 100 million, so that one file cannot fill the memory',
        'next: shrink it; nothing above 4 times `resolution` is of use',
      );
    }
    case 'counts-differ': {
      const { images, labels, imageCount, labelCount } = problem;
      return tell(
        `${code(images)} has ${count(imageCount, 'image')} and ${code(labels)} ${count(labelCount, 'label')}`,
        'next: fetch both again; they belong together',
      );
    }
    case 'data-changed':
      return tell(
        `${problem.title} changed while it was read`,
        `${code(problem.path)} is not the file that the plan was made with`,
        'nothing was trained; finished trials are kept',
        `next: run the same command again when nothing writes to ${code(problem.folder)}`,
      );
    case 'link-circle':
      return tell(`${code(problem.path)} leads back to ${code(problem.target)}`, 'next: delete the link');
    case 'too-many-images':
      return tell(
        `${problem.title} has more than ${count(problem.limit, 'image')}`,
        'next: take a part of them, such as by a CSV file that lists it',
      );
    case 'too-many-classes':
      return tell(
        `${problem.title} has ${classCount(problem.classes)}, at most ${problem.limit} can be told apart`,
        'next: look whether what is taken for a class names single images; or list the classes that count: `classes: [...]`',
      );
    case 'no-room':
      return tell(
        `the decoded images need ${gigabytes(problem.bytes)}, and the disk of the cache has ${gigabytes(problem.free)}`,
        `where: ${problem.path}`,
        'next: make room, put the cache elsewhere (XDG_CACHE_HOME), or take a smaller `resolution`',
      );
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const classCount = (number: number): string => (number === 1 ? '1 class' : `${number} classes`);
