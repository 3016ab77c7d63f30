import type { Environment } from '../../../run/journal-record.js';
import type { Report } from '../../analyse.js';
import type { Html } from '../drawing/html.js';
import type { Pictures } from './pictures.js';

/** All that a page is made of. */
export interface PageInput {
  readonly report: Report;
  /** Of the last run that trained something. */
  readonly environment: Environment | null;
  readonly pictures: Pictures;
  /** What one should know of the images before trusting a number, a sentence each. */
  readonly dataNotes: readonly string[];
  /** The experiment file's text, and those that it extends. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** While trials are being trained: when the page was written. */
  readonly running: { readonly at: string } | null;
}

/** A part of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What to see in it, in a sentence or two. */
  readonly lead: string;
  readonly content: Html;
}

/** Null where there is nothing to show. */
export type MakeSection = (input: PageInput) => Section | null;
