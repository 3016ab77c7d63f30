/**
 * Part of every trial's identity. Raise it when a change to src/train, src/model or src/engine changes the
 * numbers that a trial produces: finished trials are then run anew instead of being compared with others.
 */
export const trainerVersion = 3;
