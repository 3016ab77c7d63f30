import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describePlan } from '../src/plan/describe-plan.js';
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
