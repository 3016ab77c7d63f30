import { expect, test } from 'vitest';
import { analyse } from '../../../src/report/analyse.js';
import { describeMarkdown } from '../../../src/report/text/describe-markdown.js';
import { comparisonPlan, someIncomplete } from '../comparison-plan.js';

const environment = {
  runner: '0.1.0',
  node: 'v20.20.2',
  platform: 'linux-x64 6.18.44',
  cpu: 'AMD EPYC',
  cores: 2,
  memoryBytes: 25_276_502_016,
  engine: 'tensorflow-cpu',
  tensorflow: '2.21.0',
  devices: { kind: 'cpu', cores: 2 },
  git: { commit: '5d8a13c', dirty: true },
};

const seven = (mean: number, ...around: number[]) =>
  [0, 1, 2, 3, 4, 5, 6].map((seed) => mean + (around[seed % 3] ?? 0));

test('verdicts, leaderboard, comparisons and how it was made', () => {
  const { plan, outcomes } = comparisonPlan(
    'augmentation',
    new Map([
      ['none', seven(0.8, 0, 0.001, 0.002)],
      ['flip', seven(0.85, 0.001, 0, 0.003)],
      ['mask', seven(0.8, 0.001, 0, 0.002)],
    ]),
  );
  const report = analyse({ ...plan, description: 'Does a flip help?' }, outcomes);
  expect(describeMarkdown(report, environment)).toMatchInlineSnapshot(`
    "## comparison

    Does a flip help?

    - Flip is better than none by 5.04 points (4.87 to 5.21 at any look; 7 seeds).
    - Mask against none is undecided: mask ahead by 0.01 points (−0.14 to 0.17 at any look; 7 seeds); more than 200 in all would be needed if it goes on like this.

    | rank | augmentation | n | valAccuracy | sd | 95 % interval | note |
    | ---: | --- | ---: | ---: | ---: | --- | --- |
    | 1 | flip | 7 | 0.8513 | 0.0013 | 0.8501 to 0.8524 |  |
    | 2 | mask | 7 | 0.8010 | 0.0008 | 0.8002 to 0.8018 |  |
    | 3 | none | 7 | 0.8009 | 0.0009 | 0.8000 to 0.8017 |  |

    | setting | baseline | verdict | difference, points | interval, at any look | seeds |
    | --- | --- | --- | ---: | --- | ---: |
    | augmentation=flip | augmentation=none | better | 5.04 | 4.87 to 5.21 | 7 |
    | augmentation=mask | augmentation=none | undecided | 0.01 | −0.14 to 0.17 | 7 |

    <details><summary>How it was made</summary>

    - runner 0.1.0, TensorFlow 2.21.0, tensorflow-cpu, Node v20.20.2
    - AMD EPYC, 2 cores, 25 GB of memory, linux-x64 6.18.44
    - commit 5d8a13c, with changes
    - Fashion-MNIST: 60000 images to train, 10000 to test, 10 classes, sha256 d1fd84a877f3b78fa9a171b3de73f93e7b6f69ed94bada3feae9d96821401f5c
    - 3 settings, 7 seeds (2017 to 2023)
    - valAccuracy of each trial's last epoch; verdicts hold at any look

    </details>"
  `);
});

test('what is incomplete says so; nothing of a text is taken for Markdown', () => {
  const { plan, outcomes } = comparisonPlan('variant', someIncomplete);
  const odd = { ...plan, name: 'a_b', description: '# <b>x</b> | *y*\n- z', seeds: plan.seeds };
  const text = describeMarkdown(analyse(odd, outcomes), null);
  expect(text).toMatchInlineSnapshot(`
    "## a\\_b

    \\# \\<b\\>x\\</b\\> \\| \\*y\\* - z

    1 trial of 9 not finished: what follows is of the others.

    - Flip against none is incomplete, 2 of 3 seeds (1 diverged); so far flip ahead by 2.50 points.
    - Too few seeds to tell mask from none, 1 of at least 7: mask ahead by 5.00 points.

    | rank | variant | n | valAccuracy | sd | 95 % interval | note |
    | ---: | --- | ---: | ---: | ---: | --- | --- |
    | 1 | none | 3 | 0.8100 | 0.0100 | 0.7852 to 0.8348 |  |
    | – | mask | 2 | 0.8450 | 0.0071 | 0.7815 to 0.9085 | 1 missing |
    | – | flip | 2 | 0.8350 | 0.0071 | 0.7715 to 0.8985 | 1 diverged |

    | setting | baseline | verdict | difference, points | interval, at any look | seeds |
    | --- | --- | --- | ---: | --- | ---: |
    | variant=flip | variant=none | incomplete | 2.50 | – | 2 |
    | variant=mask | variant=none | too-few-seeds | 5.00 | – | 1 |

    - 1-2018: diverged, loss not finite in epoch 1 at step 20

    <details><summary>How it was made</summary>

    - Fashion-MNIST: 60000 images to train, 10000 to test, 10 classes, sha256 d1fd84a877f3b78fa9a171b3de73f93e7b6f69ed94bada3feae9d96821401f5c
    - 3 settings, 3 seeds (2017 to 2019)
    - valAccuracy of each trial's last epoch; verdicts hold at any look

    </details>"
  `);
});

test('a long leaderboard is cut, and says so', () => {
  const many = new Map(Array.from({ length: 60 }, (_, index) => [`v${index}`, [0.5 + index / 1000]]));
  const { plan, outcomes } = comparisonPlan('variant', many);
  const text = describeMarkdown(analyse({ ...plan, comparisons: [] }, outcomes), null);
  expect(text.split('\n').filter((line) => /^\| \d/.test(line))).toHaveLength(50);
  expect(text).toContain('\n… and 10 more in the CSV files\n');
});

test('every row of a table has its columns, whatever the values are', () => {
  const values = ['a|b', 'a\\|b', '`x`', '<i>', '[a](b)', 'a\nb', '~~a~~', '_a_', '1. a'];
  const { plan, outcomes } = comparisonPlan(
    'variant',
    new Map(values.map((value, index) => [value, [0.5 + index / 100, 0.6]])),
  );
  const tables = describeMarkdown(analyse(plan, outcomes), null)
    .split('\n\n')
    .filter((block) => block.startsWith('|'));
  expect(tables).toHaveLength(2);
  for (const rows of tables) {
    const fields = rows.split('\n').map((row) => row.split(/(?<!(?<!\\)(?:\\\\)*\\)\|/).length);
    expect(new Set(fields).size).toBe(1);
  }
  expect(tables[0]).toContain('| a\\|b |');
  expect(tables[0]).toContain('| a\\\\\\|b |');
  expect(tables[0]).toContain('| 1\\. a |');
});
