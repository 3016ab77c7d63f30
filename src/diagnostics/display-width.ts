let segmenter: Intl.Segmenter | undefined; // made when it is needed: that takes 9 ms
const graphemesOf = (text: string) => (segmenter ??= new Intl.Segmenter()).segment(text);
const wide = // the wide and full-width blocks of Unicode's East Asian Width (UAX #11), and emoji
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}\p{Emoji_Presentation}]|\uFE0F/u;

/** Terminal cells that a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += widthOf(segment);
  return width;
}

/** A text of at most `width` cells: where it is longer, what is in its middle becomes `…`, since labels end in what differs. */
export function shortenTo(width: number, text: string): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  const segments = Array.from(graphemesOf(text), ({ segment }) => segment);
  const ending = takeWhileFits(segments.reverse(), Math.ceil((width - 1) / 2))
    .reverse()
    .join('');
  const beginning = takeWhileFits(segments.reverse(), width - 1 - displayWidth(ending)).join('');
  return `${beginning}…${ending}`;
}

function takeWhileFits(segments: readonly string[], width: number): string[] {
  let room = width;
  const end = segments.findIndex((segment) => (room -= widthOf(segment)) < 0);
  return segments.slice(0, end === -1 ? segments.length : end);
}

function widthOf(grapheme: string): number {
  if (wide.test(grapheme)) return 2;
  return /^[\p{Mark}\u200B\u200D\uFEFF]/u.test(grapheme) ? 0 : 1;
}
