/** Two units at most, rounded, and never less than a second: `2 d 3 h`, `1 h 5 min`, `4 min`, `30 s`. */
export function describeDuration(seconds: number): string {
  if (Math.round(seconds) < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return inTwoUnits(minutes, 60, 'h', 'min');
  return inTwoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

function inTwoUnits(count: number, perLarger: number, larger: string, smaller: string): string {
  const [whole, rest] = [Math.floor(count / perLarger), count % perLarger];
  return rest === 0 ? `${whole} ${larger}` : `${whole} ${larger} ${rest} ${smaller}`;
}
