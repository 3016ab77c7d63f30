import { code } from './wording.js';

/** What was meant by a value of a wrong type. */
export type Hint =
  | { readonly rule: 'unquoted' | 'plain-number' | 'boolean' | 'quotes' | 'colon'; readonly text: string }
  | { readonly rule: 'write'; readonly alternatives: readonly string[] }
  | { readonly rule: 'defaults' | 'dashes' | 'no-dashes' };

export function describeHint(hint: Hint | null): string {
  switch (hint?.rule) {
    case undefined:
      return '';
    case 'unquoted':
      return `a number is written without quotes: ${hint.text}`;
    case 'plain-number':
      return `a number has a decimal point, no unit and no separators: ${hint.text}`;
    case 'boolean':
      return `write ${code(hint.text)}`;
    case 'quotes':
      return `text that looks like a number or a boolean is written in quotes: "${hint.text}"`;
    case 'colon':
      return `a colon and a space stand between a field and its value: ${code(hint.text)}`;
    case 'write':
      return `write ${hint.alternatives.map(code).join(' or ')}`;
    case 'defaults':
      return 'write `{}` for the defaults';
    case 'dashes':
      return 'the items of a list are written with `- ` before each, or within `[` and `]`';
    case 'no-dashes':
      return 'the fields of a mapping are written without `- `';
  }
}
