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
      return `write a number without quotes: ${hint.text}`;
    case 'plain-number':
      return `a number has a decimal point, no unit and no separators: ${hint.text}`;
    case 'boolean':
      return `write ${code(hint.text)}`;
    case 'quotes':
      return `write text that looks like a number or a boolean in quotes: "${hint.text}"`;
    case 'colon':
      return `write a colon and a space between a field and its value: ${code(hint.text)}`;
    case 'write':
      return `write ${hint.alternatives.map(code).join(' or ')}`;
    case 'defaults':
      return 'write `{}` for the defaults';
    case 'dashes':
      return 'write `- ` before each item of a list, or put the list within `[` and `]`';
    case 'no-dashes':
      return 'write the fields of a mapping without `- `';
  }
}
