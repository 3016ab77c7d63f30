import { count } from '../../diagnostics/count.js';
import type { Outdated } from '../../plan/explain-new.js';

/** For people; one line. */
export function describeOutdated({ trials, changes }: Outdated): string {
  const subject = `${count(trials, 'trial')} trained before ${trials === 1 ? 'is' : 'are'} new again:`;
  if (changes === null)
    return `${subject} the journal's older version does not say with which trainer, data and engine`;
  const shorten = (value: string | number | null) =>
    value === null ? 'none' : String(value).replace(/^([0-9a-f]{8})[0-9a-f]{56}$/, '$1…');
  const parts = changes.map(
    ({ name, before, now, because }) =>
      `${name} was ${shorten(before)} and is ${shorten(now)}${because.length > 0 ? ` (${because.join('; ')})` : ''}`,
  );
  return `${subject} ${parts.join(', ')}`;
}
