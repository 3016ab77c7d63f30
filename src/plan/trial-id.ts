import { createHash } from 'node:crypto';
import { identityParams } from '../params/identity-params.js';
import { canonicalJson } from '../spec/canonical-json.js';
import type { TrialContext, TrialData, TrialParams } from './plan.js';

/** Everything that changes a trial's result, and nothing else: no name, label, order, concurrency or path. */
export interface TrialIdentity extends TrialContext {
  /** With the content of the augmentation set, not its name. */
  readonly params: TrialParams;
  readonly seed: number;
  readonly data: TrialData;
}

/** SHA-256, hexadecimal, of the identity's canonical JSON; parameters introduced later count where they change something. */
export function trialId(identity: TrialIdentity): string {
  return hashOf(identity);
}

/** The same of all trials of a cell. */
export function cellId(identity: Omit<TrialIdentity, 'seed'>): string {
  return hashOf(identity);
}

function hashOf(identity: Omit<TrialIdentity, 'seed'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...identity, params: identityParams(identity.params) }))
    .digest('hex');
}
