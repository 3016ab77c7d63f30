import type { Sharp } from 'sharp';
import { decoderOptions, loadSharp } from '../own/describe-image.js';
import { findsEnd } from '../own/find-end.js';
import type { Decoding } from '../own/own-dataset.js';
import { toGrey } from '../own/to-grey.js';
import { resize, type Box, type Pixels } from './resize.js';

/** What an image becomes. */
export interface Target extends Decoding {
  /** Of the square, pixels; null: as large as it is. */
  readonly side: number | null;
  readonly fit: 'crop' | 'stretch' | 'pad';
}

/** What is known of an image file beforehand. */
export interface Source {
  /** Pixels, turned as its orientation says. */
  readonly width: number;
  readonly height: number;
  /** As `ImageDescription` has them. */
  readonly traits: string;
}

/**
 * An image file's pixels: height × width × channels bytes. What is wrong with the file in any way is refused, but for the
 * harmless warnings of its decoder.
 * @throws Error of the decoder
 */
export async function decodeImage(content: Buffer, source: Source, target: Target): Promise<Uint8Array> {
  if (!findsEnd(content)) throw new Error('premature end');
  try {
    return await decode(content, 'warning', source, target);
  } catch (error) {
    if (/Corrupt JPEG data/.test((error as Error).message)) throw error;
    return decode(content, 'error', source, target);
  }
}

async function decode(
  content: Buffer,
  failOn: 'warning' | 'error',
  { width, height, traits }: Source,
  { side, fit, background, channels }: Target,
): Promise<Uint8Array> {
  const grey = { r: background, g: background, b: background };
  const opened = await open(content, failOn, traits);
  const upright = traits.includes('a') ? opened.flatten({ background: grey }) : opened;
  let pixels: Pixels;
  if (side === null || (width === side && height === side)) pixels = await rawOf(upright);
  else if ((fit === 'pad' ? Math.max(width, height) : Math.min(width, height)) >= side) {
    const resizing = { fit: sharpFits[fit], kernel: 'linear', background: grey } as const;
    pixels = await rawOf(upright.resize(side, side, resizing));
  } else pixels = fitPixels(await rawOf(upright), side, fit, background); // sharp enlarges otherwise than its peers
  return channels === 3 ? pixels.bytes : toGrey(pixels.bytes);
}

const sharpFits = { crop: 'cover', stretch: 'fill', pad: 'contain' } as const;

/** The part of an image that is taken. */
function boxOf(width: number, height: number, fit: Target['fit']): Box {
  if (fit !== 'crop') return { left: 0, top: 0, width, height };
  const least = Math.min(width, height);
  return { left: (width - least) / 2, top: (height - least) / 2, width: least, height: least };
}

/** Pixels as a square, by the one rule for all sources. */
export function fitPixels(pixels: Pixels, side: number, fit: Target['fit'], background: number): Pixels {
  const { width, height, channels } = pixels;
  const box = boxOf(width, height, fit);
  if (fit !== 'pad') return { bytes: resize(pixels, box, side, side), width: side, height: side, channels };
  const scale = side / Math.max(width, height);
  const [inner, outer] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const resized = resize(pixels, box, inner, outer);
  const bytes = new Uint8Array(side * side * channels).fill(background);
  const [left, top] = [Math.floor((side - inner) / 2), Math.floor((side - outer) / 2)];
  for (let y = 0; y < outer; y++)
    bytes.set(
      resized.subarray(y * inner * channels, (y + 1) * inner * channels),
      ((top + y) * side + left) * channels,
    );
  return { bytes, width: side, height: side, channels };
}

/** Three channels of 8 bits. */
async function rawOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3) return { bytes: data, width, height, channels };
  const bytes = new Uint8Array(width * height * 3); // grey, with or without transparency
  for (let pixel = 0; pixel < width * height; pixel++)
    bytes.fill(data[pixel * channels]!, pixel * 3, pixel * 3 + 3);
  return { bytes, width, height, channels: 3 };
}

/**
 * The image as sharp shall see it. CMYK goes by the plain formula, as Pillow and TensorFlow have it: libvips would convert
 * by profiles. Of 16 bits the upper 8 are taken.
 */
async function open(content: Buffer, failOn: 'warning' | 'error', traits: string): Promise<Sharp> {
  const sharp = await loadSharp();
  const image = sharp(content, { ...decoderOptions, failOn }).autoOrient();
  if (!traits.includes('c')) return image;
  const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk').raw();
  const { data, info } = await inks.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const light = 255 - data[pixel * channels + 3]!;
    for (let channel = 0; channel < 3; channel++)
      rgb[pixel * 3 + channel] = Math.round(((255 - data[pixel * channels + channel]!) * light) / 255);
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}
