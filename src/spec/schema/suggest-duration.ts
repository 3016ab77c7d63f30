/** Of a duration, the longest first. */
const units = ['d', 'h', 'm', 's'] as const;
type Unit = (typeof units)[number];

/** What people write for the units. */
const words: readonly (readonly [RegExp, Unit, number])[] = [
  [/^(w|weeks?)$/, 'd', 7],
  [/^(d|days?)$/, 'd', 1],
  [/^(h|hr|hrs|hours?|std)$/, 'h', 1],
  [/^(m|min|mins|minutes?)$/, 'm', 1],
  [/^(s|secs?|seconds?)$/, 's', 1],
  [/^(ms|msecs?|milliseconds?)$/, 's', 0.001],
];

/**
 * The duration that was surely meant by a value that is none, such as `60`, `1h 30`, `90 minutes` or `01:30:00`, as the
 * schema allows it; null where there is none.
 */
export function suggestDuration(value: unknown): string | null {
  if (typeof value === 'number')
    return value > 0 && Number.isFinite(value) ? writeParts([[value, 's']]) : null;
  if (typeof value !== 'string' || value.length > 100) return null;
  const typed = value
    .trim()
    .toLowerCase()
    .replace(/(?<=\d),(?=\d)/g, '.');
  const text = /^p[\dt]/.test(typed) ? typed.replace(/[pt]/g, '') : typed; // ISO 8601: PT1H30M
  const clock = /^(\d+):([0-5]?\d)(?::([0-5]?\d))?$/.exec(text);
  if (clock) {
    const [hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
    ];
    return writeParts([
      [hours, 'h'],
      [minutes, 'm'],
      [seconds, 's'],
    ]);
  }
  const parts: [number, Unit][] = [];
  const rest = text.replace(
    /(\d+(?:\.\d+)?) *([a-z]*)[ ,]*(?:and )?/g,
    (match, digits: string, word: string, at: number) => {
      const [, unit, factor] =
        word === '' ? afterLast(parts.at(-1)?.[1]) : (words.find(([pattern]) => pattern.test(word)) ?? none);
      const isLast = at + match.length === text.length;
      if (unit === null || (word === '' && !isLast)) return '?';
      parts.push([Number((Number(digits) * factor).toPrecision(12)), unit]);
      return '';
    },
  );
  return rest === '' ? writeParts(parts) : null;
}

const none = [null, null, 1] as const;

/** The unit of a number without one: the next smaller, such as minutes in `1h 30`, and seconds for a number alone. */
function afterLast(unit: Unit | undefined): readonly [null, Unit | null, number] {
  return [null, unit === undefined ? 's' : (units[units.indexOf(unit) + 1] ?? null), 1];
}

/** Whether a value is a way to say that there is no limit, or a length of nothing, which limits nothing either. */
export function meansNoLimit(value: unknown): boolean {
  if (value === null || value === false || value === 0) return true;
  if (typeof value !== 'string') return value === Infinity;
  const text = value.trim().toLowerCase();
  return (
    (/^[0. :dhms]+$/.test(text) && text.includes('0')) ||
    /^(no|none|off|never|null|inf|infinite|infinity|unlimited|no limit)$/.test(text)
  );
}

/** Null where it comes to nothing. */
function writeParts(parts: readonly (readonly [number, Unit])[]): string | null {
  const some = parts.filter(([number]) => number > 0);
  return some.length === 0 || some.some(([number]) => /e/.test(String(number)))
    ? null
    : some.map(([number, unit]) => `${number}${unit}`).join('');
}
