/** Equal for equal values of a file, whatever the order of their fields; also for those that JSON has not, as `.inf`. */
export function equalityKey(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(equalityKey).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${equalityKey(field)}`,
  );
  return `{${fields.sort().join()}}`;
}
