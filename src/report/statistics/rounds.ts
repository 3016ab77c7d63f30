/**
 * The rounds of an experiment: round n looks at the first n seeds of every comparison. Everything here is a pure function
 * of the outcomes in the plan's order of seeds, in whatever order the trials have ended.
 */
import type { Comparison } from '../../plan/plan.js';
import { firstLook } from './e-values.js';
import { adjustByHolm } from './holm.js';
import { followSequence, type Look } from './sequence.js';
import { significanceLevel } from './statistics.js';
import type { SeedValue } from './trial-results.js';

export interface RoundsInput {
  readonly comparisons: readonly Pick<Comparison, 'cell' | 'baseline'>[];
  /** Of each comparison, for each of the plan's seeds: the difference (cell − baseline), or why there is none. */
  readonly differences: readonly (readonly SeedValue[])[];
  /** Number of cells. */
  readonly cells: number;
  /** Number of seeds that the plan has for each cell at most. */
  readonly seeds: number;
  /** A running design; null where every cell needs every seed, and all that are there count. */
  readonly untilDecided: { readonly min: number } | null;
  readonly margin: number | null;
}

/** Where a comparison stands after the last round. */
export interface Standing {
  /** How many of the plan's seeds, from the first on, it is judged by; those without a result are among them. */
  readonly seeds: number;
  /** A seed among them failed or diverged, so there is no verdict. */
  readonly isBroken: boolean;
  /** What the seeds show; null without any, and where it is broken. */
  readonly look: Look | null;
  /** `anytimeP`, adjusted by Holm over all comparisons; 1 for a broken one. */
  readonly anytimeHolmP: number;
  /** Seeds with which a difference was first shown; null where none is shown, or its sign has turned since. */
  readonly differentAt: number | null;
  /** `equivalenceP`, adjusted in a family of its own; null without a margin. */
  readonly equivalenceHolmP: number | null;
  /** Seeds with which equivalence was first shown; null where it is not. */
  readonly equivalentAt: number | null;
}

export interface Rounds {
  /** In the order of the comparisons. */
  readonly standings: readonly Standing[];
  /** Of each cell: how many of the plan's seeds it needs, as far as is known. */
  readonly seedsNeeded: readonly number[];
  /** Of each cell: whether it will need more when none of its open comparisons is decided by those. */
  readonly mayNeedMore: readonly boolean[];
}

/** Plays all rounds for which there are outcomes. */
export function playRounds(input: RoundsInput): Rounds {
  const { comparisons, differences, cells, seeds, untilDecided, margin } = input;
  const players = differences.map((own) => new Player(own, margin));
  const first = Math.min(untilDecided?.min ?? firstLook, seeds);
  const available = Math.max(0, ...players.map((player) => player.available));
  const last = untilDecided ? seeds : Math.min(seeds, Math.max(first, available));
  let needed = first; // of a cell with an open comparison
  for (let round = first; round <= last; round++) {
    const open = players.filter((player) => player.closedAt === null);
    if (open.length === 0) break;
    needed = round;
    playRound(players, round);
    if (!untilDecided) continue;
    if (open.some((player) => player.available < round)) break; // it waits for outcomes
    for (const player of open) if (player.isSettled) player.closedAt = round;
  }
  const seedsNeeded = Array.from({ length: cells }, () => (untilDecided ? first : seeds));
  const mayNeedMore = Array.from({ length: cells }, () => false);
  for (const [index, { cell, baseline }] of comparisons.entries())
    for (const one of untilDecided ? [cell, baseline] : []) {
      const { closedAt } = players[index]!;
      seedsNeeded[one] = Math.max(seedsNeeded[one]!, closedAt ?? needed);
      mayNeedMore[one] ||= closedAt === null && needed < seeds;
    }
  return { standings: players.map((player) => player.standing), seedsNeeded, mayNeedMore };
}

/** Every open comparison looks at so many seeds; Holm's families hold the closed ones too. */
function playRound(players: readonly Player[], round: number): void {
  for (const player of players) player.look(round);
  const anytime = adjustByHolm(players.map((player) => player.anytimeP));
  const equivalence = adjustByHolm(players.map((player) => player.equivalenceP ?? 1));
  for (const [index, player] of players.entries())
    player.judge(anytime[index]!, player.equivalenceP === null ? null : equivalence[index]!);
}

/** A comparison in the rounds. */
class Player {
  /** How many seeds, from the first on, have ended. */
  readonly available: number;
  readonly #looks: readonly Look[];
  /** The place of the first seed without a difference. */
  readonly #brokenAt: number;
  readonly #hasMargin: boolean;
  #seeds = 0;
  #anytimeHolmP = 1;
  #equivalenceHolmP: number | null = null;
  #different: { readonly at: number; readonly sign: number } | null = null;
  #equivalentAt: number | null = null;
  closedAt: number | null = null;

  constructor(differences: readonly SeedValue[], margin: number | null) {
    this.available = lengthUntil(differences, (value) => value === 'missing');
    this.#brokenAt = lengthUntil(differences, (value) => typeof value !== 'number');
    this.#looks = followSequence(differences.slice(0, this.#brokenAt) as number[], margin).looks;
    this.#hasMargin = margin !== null;
  }

  look(round: number): void {
    if (this.closedAt === null) this.#seeds = Math.min(round, this.available);
  }

  get #isBroken(): boolean {
    return this.#brokenAt < this.#seeds;
  }

  get #look(): Look | null {
    return this.#isBroken ? null : (this.#looks[this.#seeds - 1] ?? null);
  }

  get anytimeP(): number {
    return this.#look?.anytimeP ?? 1;
  }

  get equivalenceP(): number | null {
    return this.#hasMargin ? (this.#look?.equivalenceP ?? 1) : null;
  }

  judge(anytimeHolmP: number, equivalenceHolmP: number | null): void {
    this.#anytimeHolmP = anytimeHolmP;
    this.#equivalenceHolmP = equivalenceHolmP;
    if (anytimeHolmP <= significanceLevel) this.#different ??= { at: this.#seeds, sign: this.#sign };
    if ((equivalenceHolmP ?? 1) <= significanceLevel) this.#equivalentAt ??= this.#seeds;
  }

  get #sign(): number {
    return Math.sign(this.#look?.mean ?? 0);
  }

  /** A mean that has turned since withdraws what it had shown. */
  get #differentAt(): number | null {
    return this.#different?.sign === this.#sign ? this.#different.at : null;
  }

  /** More seeds would change nothing: there is a verdict, or there can be none. */
  get isSettled(): boolean {
    return this.#isBroken || this.#differentAt !== null || this.#equivalentAt !== null;
  }

  get standing(): Standing {
    return {
      seeds: this.#seeds,
      isBroken: this.#isBroken,
      look: this.#look,
      anytimeHolmP: this.#anytimeHolmP,
      differentAt: this.#differentAt,
      equivalenceHolmP: this.#equivalenceHolmP,
      equivalentAt: this.#equivalentAt,
    };
  }
}

/** How many values there are before the first of which it is so. */
function lengthUntil(values: readonly SeedValue[], isEnd: (value: SeedValue) => boolean): number {
  const index = values.findIndex(isEnd);
  return index === -1 ? values.length : index;
}
