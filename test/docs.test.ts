import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describePlan } from '../src/report/text/describe-plan.js';
import { planOf } from './spec/experiment-folder.js';

const guide = readFileSync(new URL('../docs/experiment-file.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```yaml\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, file, lines]) => ({
  name: /name: (.*)/.exec(file!)![1]!,
  file: file!,
  lines: lines!.trimEnd().split('\n'),
}));

describe('docs/experiment-file.md', () => {
  test('every example has the lines of its plan', () => {
    expect(examples.length).toBeGreaterThan(10);
    expect(guide.match(/```yaml/g)).toHaveLength(examples.length);
  });

  test.each(examples)('$name', async ({ file, lines }) => {
    const shown = describePlan(await planOf(file), new Map(), [], () => null, 'sweep.yaml').split('\n');
    for (const line of lines) expect(shown).toContain(line);
  });
});

describe('docs/promises.md', () => {
  const page = readFileSync(new URL('../docs/promises.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| promise'));

  test.each(rows.map((row) => row.split(/(?<!\\)\|/).slice(1, 3) as [string, string]))(
    '%s',
    (_promise, shownBy) => {
      const named = [...shownBy.matchAll(/`(test\/[^`]+)`(?:: ((?:"[^"]+"(?:, )?)+))?/g)];
      expect(named.length).toBeGreaterThanOrEqual(1);
      for (const [, path, titles = ''] of named) {
        const file = new URL(`../${path}`, import.meta.url);
        expect(existsSync(file)).toBe(true);
        const source = readFileSync(file, 'utf8');
        for (const [, title] of titles.matchAll(/"([^"]+)"/g))
          expect(source).toContain(title!.replaceAll('\\|', '|'));
      }
    },
  );
});
