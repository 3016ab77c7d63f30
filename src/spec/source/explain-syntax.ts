import type { ErrorCode } from 'yaml';

/** What is wrong with a text, and where: UTF-16 offsets. */
export interface SyntaxFault {
  readonly pos: readonly [number, number];
  readonly message: string;
}

/**
 * The YAML library's error in words for people who do not know YAML's grammar, at the place to mend: a bracket or a
 * quote that is not closed is shown where it opens, not at the end of the file.
 * @param open offsets of the brackets that are open where the error is, outermost first
 */
export function explainSyntax(
  text: string,
  {
    code,
    message,
    pos,
  }: { readonly code: ErrorCode; readonly message: string; readonly pos: readonly [number, number] },
  open: readonly number[],
): SyntaxFault {
  const at = (start: number, length: number, words: string): SyntaxFault => ({
    pos: [start, start + length],
    message: words,
  });
  const here = (words: string): SyntaxFault => ({ pos, message: words });
  const closing = /end with a ([\]}])$/.exec(message)?.[1];
  if (closing !== undefined) {
    const opening = closing === ']' ? '[' : '{';
    const bracket = open.filter((offset) => offset < pos[0] && text[offset] === opening).at(-1);
    if (bracket !== undefined) return at(bracket, 1, `this \`${opening}\` has no \`${closing}\``);
  }
  if (/^Missing , /.test(message) || code === 'BLOCK_IN_FLOW') return here('a `,` is missing here');
  const quote = /^Missing closing (["'])quote/.exec(message)?.[1];
  if (quote !== undefined) return at(lastQuote(text, quote), 1, 'this quote is not closed');
  switch (code) {
    case 'TAB_AS_INDENT':
      return here('lines are indented with spaces, not with tabs');
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR':
      if (/^Implicit (map )?keys/.test(message)) return missingColon(text, pos);
      return here(message);
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (/^Nested mappings/.test(message)) return nestedMapping(text, pos);
      return at(pos[0] + blanksAt(text, pos[0]), 1, 'a list item cannot be among the fields of a mapping');
    case 'BAD_INDENT':
      return here('this line is indented differently from those that it belongs to');
    case 'BAD_SCALAR_START': {
      const character = text[pos[0]] ?? '';
      return here(`write text that begins with \`${character}\` in quotes`);
    }
    case 'TAG_RESOLVE_FAILED':
      return here('tags are not allowed; write text that begins with `!` in quotes');
    case 'UNEXPECTED_TOKEN':
      if (/at node end$/.test(message))
        return here(
          'nothing may follow a value in quotes or brackets; a quote within quotes is written twice',
        );
      if (/^Unexpected [a-z-]*scalar token$/.test(message))
        return here('this does not belong here: a `,` or the end of a line may be missing before it');
      return here(message);
    default:
      return here(message);
  }
}

/** One that is not closed is the last of its kind: another would close it. */
function lastQuote(text: string, quote: string): number {
  let at = text.lastIndexOf(quote);
  while (quote === '"' && isEscaped(text, at)) at = text.lastIndexOf(quote, at - 1);
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** Spaces from an offset on. */
const blanksAt = (text: string, offset: number): number =>
  / *|$/.exec(text.slice(offset, offset + 1000))![0].length;

/** A value with a colon in it; or one whose next line is indented further, as if it went on there. */
function nestedMapping(text: string, pos: readonly [number, number]): SyntaxFault {
  const lineEnd = text.indexOf('\n', pos[0]);
  const line = text.slice(pos[0], lineEnd === -1 ? undefined : lineEnd);
  if (/^[“”„‘’]/.test(line))
    return { pos: [pos[0], pos[0] + 1], message: 'use straight quotes, `"` or `\'`' };
  if (lineEnd === -1 || /:(\s|$)/.test(line)) {
    const message = 'write text that contains `: ` in quotes; a mapping begins on the next line, indented';
    return { pos, message };
  }
  const start = lineEnd + 1 + blanksAt(text, lineEnd + 1);
  return {
    pos: [start, start + 1],
    message: 'this line is indented further than the one above, whose value is complete',
  };
}

/** A name without its colon, or a colon without its space. */
function missingColon(text: string, pos: readonly [number, number]): SyntaxFault {
  const lineEnd = text.indexOf('\n', pos[0]);
  const line = text.slice(pos[0], lineEnd === -1 ? undefined : lineEnd).trimEnd();
  const end = pos[0] + Math.max(line.length, 1);
  const [, name, value] = /^([\w.-]+):(\S.*)$/.exec(line) ?? [];
  const message =
    name === undefined
      ? 'a `:` is missing after the name of a field'
      : `a space is missing after the colon: \`${name}: ${value}\``;
  return { pos: [pos[0], end], message };
}
