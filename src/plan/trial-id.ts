import { createHash } from 'node:crypto';
import { canonicalJson } from '../spec/canonical-json.js';
import type { TrialData, TrialParams } from './trial.js';

/** Everything that changes a trial's result, and nothing else: no name, label, order, concurrency or path. */
export interface TrialIdentity {
  readonly trainerVersion: number;
  /** With the content of the augmentation set, not its name. */
  readonly params: TrialParams;
  readonly seed: number;
  readonly data: TrialData;
  /** SHA-256 of the data's files, hexadecimal. */
  readonly dataSha256: string;
  /** SHA-256 of the pretrained weights' file, hexadecimal; null where training starts from random weights. */
  readonly weightsSha256: string | null;
  readonly engineFamily: string;
}

/** SHA-256, hexadecimal, of the identity's canonical JSON. */
export function trialId(identity: TrialIdentity): string {
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}
