/** Markup, and what may stand in it: texts are escaped, null and false are nothing. */
export type HtmlContent = Html | string | number | null | false | readonly HtmlContent[];

/** Markup whose texts are escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** A template of markup. Values between tags or in quoted attributes are escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlContent[]): Html {
  return new Html(strings.reduce((text, string, index) => text + contentOf(values[index - 1]!) + string));
}

function contentOf(value: HtmlContent): string {
  if (value instanceof Html) return value.text;
  if (value === null || value === false) return '';
  if (typeof value === 'object') return value.map(contentOf).join('');
  return escapeHtml(String(value));
}

/** For text and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
