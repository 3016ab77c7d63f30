/** Lines of at most `width` characters, the first and the following ones indented; a longer word is broken. */
export function wrapWords(text: string, width: number, indents: readonly [number, number]): string[] {
  const lines: string[] = [];
  const indent = () => indents[lines.length === 0 ? 0 : 1];
  const room = () => Math.max(1, width - indent());
  const end = (line: string) => lines.push(' '.repeat(indent()) + line);
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= room()) {
      line = joined;
      continue;
    }
    if (line !== '') end(line);
    line = word;
    while (line.length > room()) {
      const rest = line.slice(room());
      end(line.slice(0, room()));
      line = rest;
    }
  }
  end(line);
  return lines;
}
