import type sharpPackage from 'sharp';
import { findsEnd } from './find-end.js';

/** What is known of an image file from its content, without decoding its pixels. */
export interface ImageDescription {
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** Why it cannot be read, as far as its header tells; null: it seems right. */
  readonly problem: string | null;
  /** It is an image, of a kind that cannot be read: its name. */
  readonly foreignKind: string | null;
  /** Pixels as stored, before its orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** EXIF, 1 to 8. */
  readonly orientation: number;
  /** `c`: CMYK, `g`: grey, `w`: 16 bits a channel, `a`: with an alpha channel, `m`: several frames. */
  readonly traits: string;
}

type Sharp = typeof sharpPackage;
let loaded: Promise<Sharp> | undefined;

/** The decoder, loaded when there is something to decode: it takes 50 ms. */
export function loadSharp(): Promise<Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false); // each file is read once
    sharp.concurrency(1); // images, not parts of one, are decoded side by side
    sharp.block({ operation: ['VipsForeignLoad'] }); // all but these: SVG would be drawn, whatever it refers to
    sharp.unblock({ operation: readable.map((format) => `VipsForeignLoad${format}`) });
    return sharp;
  });
  return loaded;
}

/** The formats, as libvips names them; AVIF is of Heif, whose HEVC kind it does not decode. */
const readable = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'];

/** Of sharp, and of libvips in it. */
export async function decoderVersions(): Promise<Readonly<Record<string, string>>> {
  const { versions } = await loadSharp();
  return { sharp: versions.sharp ?? 'unknown', libvips: versions.vips };
}

/** Pixels of an image at most, so that one file cannot fill the memory. */
export const maximumPixels = 100_000_000;

export const decoderOptions = {
  ignoreIcc: true, // as Pillow and TensorFlow, which peers decode with
  limitInputPixels: maximumPixels,
  pages: 1,
} as const;

/** @param sha256 of the content */
export async function describeImage(content: Buffer, sha256: string): Promise<ImageDescription> {
  const nothing = { sha256, foreignKind: null, width: 0, height: 0, orientation: 1, traits: '' };
  const foreignKind = foreignKindOf(content);
  if (foreignKind !== null) return { ...nothing, foreignKind, problem: `${foreignKind} cannot be read` };
  const sharp = await loadSharp();
  try {
    const meta = await sharp(content, {
      ...decoderOptions,
      failOn: 'error',
      limitInputPixels: false,
    }).metadata();
    const traits = [
      meta.space === 'cmyk' ? 'c' : '',
      meta.space === 'b-w' || meta.space === 'grey16' ? 'g' : '',
      meta.depth === 'ushort' ? 'w' : '',
      meta.hasAlpha ? 'a' : '',
      (meta.pages ?? 1) > 1 ? 'm' : '',
    ];
    const { width, height, orientation = 1 } = meta;
    return { sha256, problem: null, foreignKind: null, width, height, orientation, traits: traits.join('') };
  } catch (error) {
    return { ...nothing, problem: explainFailure(content, error) };
  }
}

/** Why a file was refused, in words. */
export function explainFailure(content: Buffer, error: unknown): string {
  if (content.length === 0) return 'it is empty';
  const beginning = content.subarray(0, 64);
  if (beginning.every((byte) => byte === 0)) return 'not an image: it begins with zeros';
  const text = beginning.toString('latin1');
  if (/^[\t\n\r\x20-\x7e]+$/.test(text))
    return `not an image: it begins with \`${text
      .trim()
      .split(/[\r\n]/, 1)[0]!
      .slice(0, 20)}\``;
  const message = error instanceof Error ? error.message : String(error);
  if (!findsEnd(content)) return 'cut short: its end is missing';
  if (
    /premature end|truncat|unexpected end|end of file|not enough|too short|EOF|got \d+ bytes, expected/i.test(
      message,
    )
  )
    return 'cut short: its end is missing';
  if (/checksum|CRC|libpng read error/i.test(message)) return 'damaged: a checksum in it is wrong';
  if (/pixel limit/i.test(message)) return `it has more than ${maximumPixels / 1e6} million pixels`;
  if (/unsupported image format/i.test(message)) return 'not an image: its first bytes are of no known kind';
  if (message === 'Unknown error') return 'damaged: its decoder does not say where';
  const detail = message.split('\n').find((line) => line.trim() !== '') ?? '';
  return `damaged: ${detail.replace(/^Input \S+ (has corrupt header: )?/, '').trim()}`;
}

/** Kinds that are told by their first bytes and cannot be read. */
function foreignKindOf(content: Buffer): string | null {
  const at = (offset: number, text: string) =>
    content.toString('latin1', offset, offset + text.length) === text;
  if (at(0, 'BM') && content.length > 14 && content.readUInt32LE(2) <= content.length + 4) return 'BMP';
  if (at(4, 'ftyp') && /^(heic|heix|hevc|heim|heis|mif1|msf1)/.test(content.toString('latin1', 8, 12)))
    return /avif|avis/.test(content.toString('latin1', 8, 64)) ? null : 'HEIC';
  if (at(4, 'jP  ')) return 'JPEG 2000';
  if (at(4, 'JXL ') || (content[0] === 0xff && content[1] === 0x0a)) return 'JPEG XL';
  if (at(0, '8BPS')) return 'PSD';
  const head = content.toString('latin1', 0, 512).trimStart();
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/s.test(head)) return 'SVG';
  return null;
}
