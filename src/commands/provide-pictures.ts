import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetImages, ImageFacts, LabelledImages } from '../data/dataset.js';
import { datasetNamed } from '../data/datasets.js';
import { imageFactsOf } from '../data/image-facts.js';
import { loadSharp } from '../data/own/describe-image.js';
import { openPack, rowBytesOf } from '../data/pack/open-pack.js';
import { hasPack, packDirectory, packFor } from '../data/pack/pack.js';
import { count } from '../diagnostics/count.js';
import type { Augmentation, Plan, TrialParams } from '../plan/plan.js';
import { trainerVersion } from '../plan/trainer-version.js';
import { trialEnvironment } from '../provision/trial-environment.js';
import type { ProvisionedEngine } from '../provision/provision-engine.js';
import type { Report } from '../report/analyse.js';
import { shownImages } from '../report/html/sections/judged-images.js';
import type { AugmentationSample, JudgedImage, Picture, Pictures } from '../report/html/sections/pictures.js';
import { requestSamples } from '../run/request-samples.js';
import { canonicalJson } from '../spec/canonical-json.js';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import type { Arguments } from './arguments.js';
import { dataDirOf, type ExperimentData } from './open-datasets.js';

/** Pixels of a picture's side at most. */
const largestSide = 96;
/** Images of a row of samples. */
const sampled = 12;
/** More sets than this are not sampled. */
const mostSets = 40;

/** What pictures.json keeps beside a report, so that it can be written again where neither data nor engine is. */
interface PictureFile {
  readonly version: 1;
  readonly images: Readonly<Record<string, Picture>>;
  readonly samples: Readonly<Record<string, readonly string[]>>;
}

/** Where pictures come from. */
export interface PictureSources {
  readonly plan: Plan;
  readonly data: ExperimentData;
  /** The results folder of the experiment. */
  readonly directory: string;
  /** Draws samples of augmentations; null: those that were drawn before are shown. */
  readonly engine: ProvisionedEngine | null;
  readonly args: Pick<Arguments, 'dataDir'>;
}

/**
 * Gets the pictures of a report: those of pictures.json, and others from data that is on this machine. A report does without
 * those that cannot be had. Data and samples are read once.
 */
export class PictureProvider {
  readonly #sources: PictureSources;
  readonly #opened = new Map<string, Promise<OpenImages | null>>();
  #file: PictureFile | null = null;

  constructor(sources: PictureSources) {
    this.#sources = sources;
  }

  /** The pictures that a report shows; pictures.json then holds them, and no others. */
  async provide(report: Report): Promise<Pictures> {
    this.#file ??= await readPictures(this.#path);
    const { disagreed, wrong } = shownImages(report);
    const images = new Map<string, Picture>();
    for (const { image } of [...disagreed, ...wrong]) {
      const key = this.#keyOf(image);
      const picture = images.get(key) ?? this.#file.images[key] ?? (await this.#draw(image));
      if (picture) images.set(key, picture);
    }
    const samples = new Map<string, readonly string[]>();
    const augmentations: AugmentationSample[] = [];
    for (const set of this.#sets()) {
      const sources = this.#file.samples[set.key] ?? (await this.#sample(set));
      if (!sources) continue;
      samples.set(set.key, sources);
      augmentations.push({ name: set.name, sources });
    }
    const file = {
      version: 1,
      images: Object.fromEntries(images),
      samples: Object.fromEntries(samples),
    } as const;
    if (JSON.stringify(file) !== JSON.stringify(this.#file) && images.size + samples.size > 0)
      await writeFileAtomically(this.#path, `${JSON.stringify(file)}\n`);
    this.#file = file;
    return { imageOf: (image) => images.get(this.#keyOf(image)) ?? null, augmentations };
  }

  get #path(): string {
    return join(this.#sources.directory, 'pictures.json');
  }

  #keyOf({ dataset, part, image }: JudgedImage): string {
    const { datasets, cells } = this.#sources.plan;
    const { sha256 } = datasets.find(({ name }) => name === dataset)!;
    const { data } = cells.find(({ params }) => params.dataset === dataset)!;
    return [sha256, part === 'test' ? part : JSON.stringify(data.validation), image].join(' ');
  }

  /** The augmentation sets of the plan, with the image size that they are applied to. */
  #sets(): SampleSet[] {
    const { cells, datasets } = this.#sources.plan;
    const sets = new Map<string, SampleSet>();
    for (const { params } of cells) {
      if (params.augmentation.length === 0) continue;
      const resolution = Math.min(params.resolution, largestSide);
      const { sha256, title } = datasets.find(({ name }) => name === params.dataset)!;
      const facts = canonicalJson([
        params.augmentation,
        resolution,
        sha256,
        params.fit,
        trainerVersion,
        sampled,
      ]);
      const key = createHash('sha256').update(facts).digest('hex').slice(0, 32);
      const shown = params.augmentation.map(describeAugmentation).join(' + ');
      const where = [
        ...(datasets.length > 1 ? [title] : []),
        ...(new Set(cells.map((cell) => cell.params.resolution)).size > 1
          ? [count(resolution, 'pixel')]
          : []),
      ];
      sets.set(key, { key, name: [shown, ...where].join(', '), params, resolution });
    }
    return [...sets.values()].slice(0, mostSets);
  }

  async #sample({ params, resolution }: SampleSet): Promise<readonly string[] | null> {
    const { engine } = this.#sources;
    const opened = engine && (await this.#open(params));
    if (!opened) return null;
    const { train } = opened.images;
    const several = spreadOver(opened.facts.classes.length, train.labels);
    const pixels = several.map((index) => opened.pixelsOf('train', index));
    const answer = await requestSamples(
      {
        facts: opened.facts,
        images: Buffer.concat(pixels),
        labels: Uint16Array.from(several, (index) => train.labels[index]!),
        resolution,
        sets: [params.augmentation],
      },
      trialEnvironment(engine, { gpuIndex: null, threads: 1 }),
    );
    const channels = opened.facts.shape[2];
    return answer && Promise.all(answer[0]!.map((bytes) => encode(bytes, resolution, resolution, channels)));
  }

  async #draw({ dataset, part, image }: JudgedImage): Promise<Picture | null> {
    const cell = this.#sources.plan.cells.find(({ params }) => params.dataset === dataset)!;
    const opened = await this.#open(cell.params);
    if (!opened) return null;
    const { validation } = cell.data;
    const own = part === 'test' || validation === 'test' ? 'test' : validation === 'val' ? 'val' : 'train';
    const labels = opened.images[own]?.labels;
    if (!labels) return null;
    const first = own === 'train' && typeof validation === 'object' ? labels.length - validation.holdout : 0;
    const [height, width, channels] = opened.facts.shape;
    const bytes = opened.pixelsOf(own, first + image);
    return { source: await encode(bytes, width, height, channels), label: labels[first + image]! };
  }

  #open(params: TrialParams): Promise<OpenImages | null> {
    const { data, plan, args } = this.#sources;
    const own = data.own.get(params.dataset);
    const options = own && packFor(own, params.resolution, params.fit);
    const key = options ? `${params.dataset} ${options.side} ${options.fit}` : params.dataset;
    const opened =
      this.#opened.get(key) ??
      (async () => {
        if (own) {
          if (!hasPack(own, options!)) return null;
          return new OpenImages(await openPack(packDirectory(own.sha256, options!)));
        }
        const dataset = datasetNamed(params.dataset);
        const known = plan.datasets.map(({ name }) => name).filter((name) => !data.own.has(name));
        const found = dataset.peek(dataDirOf(params.dataset, known, args));
        if (!found) return null;
        const images = await dataset.load(found.directory);
        return new OpenImages({ facts: imageFactsOf(dataset, images.train.images), images });
      })().catch(() => null); // a report does without pictures of data that cannot be read
    this.#opened.set(key, opened);
    return opened;
  }
}

interface SampleSet {
  readonly key: string;
  readonly name: string;
  readonly params: TrialParams;
  readonly resolution: number;
}

/** Images of which single ones are read. */
class OpenImages {
  constructor(private readonly opened: { readonly facts: ImageFacts; readonly images: DatasetImages }) {}

  get facts(): ImageFacts {
    return this.opened.facts;
  }

  get images(): DatasetImages {
    return this.opened.images;
  }

  /** Height × width × channels bytes. */
  pixelsOf(part: 'train' | 'val' | 'test', index: number): Uint8Array {
    const { images } = this.images[part] as LabelledImages;
    const [height, width, channels] = this.facts.shape;
    const size = height * width * channels;
    if (images instanceof Uint8Array) return images.subarray(index * size, (index + 1) * size);
    const bytes = new Uint8Array(size);
    const file = openSync(images.path, 'r');
    try {
      readSync(file, bytes, 0, size, (images.first + index) * rowBytesOf(width, channels));
    } finally {
      closeSync(file);
    }
    return bytes;
  }
}

/** A PNG, or of a large image a WebP, as a data URI. */
async function encode(bytes: Uint8Array, width: number, height: number, channels: number): Promise<string> {
  const sharp = await loadSharp();
  const image = sharp(bytes, { raw: { width, height, channels: channels as 1 | 3 } });
  const isSmall = Math.max(width, height) <= largestSide;
  const content = isSmall
    ? await image.png({ compressionLevel: 9 }).toBuffer()
    : await image.resize(largestSide, largestSide, { fit: 'inside' }).webp({ quality: 85 }).toBuffer();
  return `data:image/${isSmall ? 'png' : 'webp'};base64,${content.toString('base64')}`;
}

/** Of each class in turn its next image, until there are enough. */
function spreadOver(classes: number, labels: ArrayLike<number>): number[] {
  const chosen: number[] = [];
  const seen = new Set<number>();
  for (let index = 0; index < labels.length && chosen.length < sampled; index++) {
    if (seen.size < Math.min(classes, sampled) && seen.has(labels[index]!)) continue;
    seen.add(labels[index]!);
    chosen.push(index);
  }
  return chosen;
}

function describeAugmentation({ name, ...settings }: Augmentation): string {
  const shown = Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return shown.length === 0 ? name : `${name} (${shown.join(', ')})`;
}

/** Empty where there is none, or none of this version. */
async function readPictures(path: string): Promise<PictureFile> {
  const none: PictureFile = { version: 1, images: {}, samples: {} };
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as Partial<PictureFile> | null;
    const isKnown =
      file?.version === 1 && [file.images, file.samples].every((part) => typeof part === 'object');
    return isKnown ? (file as PictureFile) : none;
  } catch {
    return none;
  }
}
