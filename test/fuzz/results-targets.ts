import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessLock, ProcessLocks } from '../../src/system/process-lock.js';
import { describePlan } from '../../src/report/text/describe-plan.js';
import { defaultDataset } from '../../src/data/datasets.js';
import { explainNew } from '../../src/plan/explain-new.js';
import { describeResults } from '../../src/report/text/describe-results.js';
import { describeMarkdown } from '../../src/report/text/describe-markdown.js';
import { describeStatus } from '../../src/report/boards/describe-status.js';
import { statusToJson } from '../../src/report/boards/status-to-json.js';
import { sweepStatus } from '../../src/report/boards/sweep-status.js';
import { tidyTable } from '../../src/report/export/tidy-table.js';
import { toParquet } from '../../src/report/export/to-parquet.js';
import { encodeEvent } from '../../src/report/tensorboard/encode-event.js';
import { trialEvents } from '../../src/report/tensorboard/trial-events.js';
import { analyse } from '../../src/report/analyse.js';
import { outputs } from '../../src/report/write-results.js';
import { readClaimed } from '../../src/run/claimed-trials.js';
import { findGarbage } from '../../src/run/find-garbage.js';
import { readJournal } from '../../src/run/journal.js';
import { encodeRecord, type JournalRecord } from '../../src/run/journal-record.js';
import { secondsFromHistory } from '../../src/run/seconds-from-history.js';
import { trialStates } from '../../src/run/trial-states.js';
import { storeFolder, TrialStore } from '../../src/run/trial-store.js';
import { comparisonPlan } from '../report/comparison-plan.js';
import { isRunnerError, json, type Target } from './target.js';

const words = [
  ...[
    '"',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '\n',
    '\r\n',
    'null',
    'true',
    '-0',
    '1e999',
    '\\ud800',
    '\u{1F600}',
  ],
  ...[
    'look',
    'shown',
    'seeds',
    'fixed',
    'comparisons',
    'tests',
    'correct',
    'images',
    'imagesSha256',
    '__proto__',
    'constructor',
    'toString',
    '=cmd|x',
    '\x1b[2J',
    '{"version":3}',
    '{"check":"0123456789abcdef",',
  ],
  ...[
    'completed',
    'diverged',
    'failed',
    'outcome',
    'environment',
    'torn',
    '0-2017',
    '0-2018',
    '1-2017',
    '1-2018',
  ],
  ...[
    'epochs',
    'epoch',
    'step',
    'valLoss',
    'valAccuracy',
    'cause',
    'logFile',
    'failure',
    'trial',
    'context',
    'id',
  ],
];

/** Two cells of two seeds: trials `0-2017`, `0-2018`, `1-2017`, `1-2018`, which the corpus has outcomes of. */
const { plan: compared } = comparisonPlan('dropout', new Map([[0, [1, 1]], [0.5, [1, 1]]])); // prettier-ignore

/** A journal, and all that commands make of it. */
export const journal: Target = {
  runs: 2000,
  words,
  tree: {
    parse: (bytes) => bytes.toString().split('\n').map(parseLine),
    print: (lines) =>
      Buffer.from(
        [lines]
          .flat()
          .map((line) => JSON.stringify(line))
          .join('\n'),
      ),
  },
  seal: (bytes) => Buffer.from(bytes.toString().split('\n').map(sealLine).join('\n')),
  isDocumented: isRunnerError,
  open: (folder) => {
    const path = join(folder, 'journal.jsonl');
    return async (bytes) => {
      await writeFile(path, bytes);
      const content = await readJournal(path);
      const { outcomes, records } = content;
      const report = analyse(compared, outcomes);
      describeResults(report, 80);
      for (const output of outputs) output.render(report, content.environment);
      describeMarkdown(report, content.environment);
      const { columns, rows } = tidyTable(report, () => true);
      toParquet({ columns: columns.filter(({ type }) => type === 'integer'), rows }); // what can be refused
      for (const result of report.results) trialEvents(result, { seed: 1 }, 1.79e9).map(encodeEvent);
      const outdated = explainNew(
        compared.trials.map((trial) => ({ ...trial, id: 'another' })),
        [...records.values()].map(({ trial }) => trial),
        () => defaultDataset,
      );
      describePlan(
        compared,
        trialStates(compared, outcomes, compared.trials, []),
        outdated,
        secondsFromHistory(compared, outcomes),
        'a.yaml',
      );
    };
  },
};

const trialId = 'ab'.repeat(32);

/** A trial's record in the store, and what `runner gc` says of it. */
export const record: Target = {
  runs: 1500,
  words: [...words, trialId],
  tree: json,
  seal: (bytes) => Buffer.from(sealLine(bytes.toString())),
  isDocumented: isRunnerError,
  open: async (folder) => {
    const store = new TrialStore(folder);
    await mkdir(store.directory);
    return async (bytes) => {
      await writeFile(join(store.directory, `${trialId}.json`), bytes);
      await store.read(trialId);
      await findGarbage(folder);
    };
  },
};

/** How far a trial is that runs, and what `runner status` says of it. */
export const progress: Target = {
  runs: 1500,
  words: [...words, 'progress', 'lastEpoch', 'stepsPerEpoch', 'secondsLeft', 'retry', 'startedAt', 'at'],
  tree: json,
  isDocumented: isRunnerError,
  open: async (folder) => {
    const store = new TrialStore(folder);
    const [trial] = compared.trials;
    await store.claim(trial!.id);
    return async (bytes) => {
      await writeFile(join(store.claimPath(trial!.id), 'progress.json'), bytes);
      const status = sweepStatus(compared, new Map(), new Map(), await readClaimed(store, compared.trials));
      describeStatus(status, 'a.yaml', 80);
      JSON.stringify(statusToJson(status, folder));
    };
  },
};

/** plan.json, which says what an experiment refers to. */
export const plan: Target = {
  runs: 1500,
  words: [...words, 'trials'],
  tree: json,
  isDocumented: isRunnerError,
  open: async (folder) => {
    await mkdir(join(folder, 'flip', 'logs'), { recursive: true });
    await mkdir(join(folder, storeFolder));
    await writeFile(join(folder, 'flip', 'logs', 'a.log'), '');
    return async (bytes) => {
      await writeFile(join(folder, 'flip', 'plan.json'), bytes);
      await findGarbage(folder);
    };
  },
};

/** What a lock says of its owner. */
export const lock: Target = {
  runs: 300,
  words: [...words, 'pid', 'token', 'processSpace', 'startTime', '../../a'],
  tree: json,
  isDocumented: () => false,
  open: (folder) => {
    const path = join(folder, 'trial');
    return async (bytes) => {
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'owner.json'), bytes);
      const taken = await new ProcessLocks(0).tryLock(path);
      if (taken instanceof ProcessLock) await taken.release();
    };
  },
};

/** Without its checksum, where it is JSON. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line.replace(/^\{"check":"[0-9a-f]{16}",/, '{')) as unknown;
  } catch {
    return line;
  }
}

function sealLine(line: string): string {
  const parsed = parseLine(line);
  return typeof parsed === 'object' ? encodeRecord(parsed as JournalRecord) : line;
}
