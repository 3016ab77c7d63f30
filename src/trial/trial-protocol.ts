/**
 * What goes between the executor of a trial and the process that trains it: one request, then messages. It travels by
 * Node's IPC, which keeps every number (`serialization: 'advanced'`), or by two files: the request as JSON, and one
 * message per line of JSON. JSON has no NaN, no infinities and no −0: they are written as `{"$number":"NaN"}`.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Trial } from '../plan/plan.js';
import type { EpochRecord, Failure, TrialOutcome } from './outcome.js';

/** What a trial's process gets. */
export interface TrialRequest {
  readonly trial: Trial;
  /** The name of a known data set; null: its folder is a pack. */
  readonly dataset: string | null;
  readonly dataDirectory: string;
  /** The pretrained file, or null for random initial weights. */
  readonly weightsPath: string | null;
  readonly engine: string;
  /** Where the trial's state is kept while it trains, and every how many epochs; null for nowhere. */
  readonly checkpoint: CheckpointRequest | null;
  /** Where the networks are kept of the epochs that a metric may select, when training is over; absent: nowhere. */
  readonly networksPath?: string;
}

/** What a trial's process may get after its request, by IPC: a checkpoint is to be kept at the end of the epoch. */
export const saveSoon = 'save-soon';

export interface CheckpointRequest {
  readonly path: string;
  readonly everyEpochs: number;
}

export interface TrialProgress {
  /** From 1. */
  readonly epoch: number;
  /** Steps done in this epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Running means over the epoch so far; null before the first reading. */
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly secondsLeft: number | null;
}

/** What a trial's process answers, in order. */
export type TrialMessage =
  | { readonly type: 'progress'; readonly progress: TrialProgress }
  | { readonly type: 'epoch'; readonly record: EpochRecord }
  /** It works and has no progress to report: evaluation goes on. */
  | { readonly type: 'alive' }
  | { readonly type: 'outcome'; readonly outcome: TrialOutcome }
  /** It ends without an outcome; `message` is for people. */
  | {
      readonly type: 'failure';
      readonly failure: Extract<Failure, 'outOfMemory' | 'configuration' | 'engine'>;
      readonly message: string;
    };

/** JSON on one line, without a newline. */
export function encode(value: TrialRequest | TrialMessage): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'number' && (!Number.isFinite(field) || Object.is(field, -0))
      ? { $number: Object.is(field, -0) ? '-0' : String(field) }
      : field,
  );
}

/** @throws SyntaxError where it is no JSON */
export function decodeRequest(text: string): TrialRequest {
  return decode(text) as TrialRequest;
}

/** Reads lines of messages that arrive in pieces, as a file does that is still being written. */
export class MessageReader {
  readonly #decoder = new StringDecoder('utf8'); // a piece may end within a character
  #rest = '';

  /**
   * The messages that are complete with this piece.
   * @throws SyntaxError where a line is no JSON
   */
  read(piece: Buffer): TrialMessage[] {
    const lines = (this.#rest + this.#decoder.write(piece)).split('\n');
    this.#rest = lines.pop()!;
    return lines.map((line) => decode(line) as TrialMessage);
  }
}

function decode(text: string): unknown {
  return JSON.parse(text, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && '$number' in field ? Number(field.$number) : field,
  );
}
