const secondsIn: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Seconds of a duration as the schema allows it: `90m`, `1h30m`. */
export function parseDuration(text: string): number {
  return [...text.matchAll(/([0-9.]+)([dhms])/g)].reduce(
    (seconds, [, number, unit]) => seconds + Number(number) * secondsIn[unit!]!,
    0,
  );
}
