/** The page in a real browser: what it does by keyboard, what it fetches, whether everybody can read it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { renderPage } from '../../../src/report/html/page.js';
import type { PageInput } from '../../../src/report/html/sections/section.js';
import type { Report } from '../../../src/report/analyse.js';
import { openBrowser } from '../../browser.js';
import { writeFolder } from '../../spec/experiment-folder.js';
import { inputOf, manyCells, reportOf, twoAxes } from './grown-report.js';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 120_000);
afterAll(() => browser?.close());

async function writeReport(report: Report, changes: Partial<PageInput> = {}): Promise<string> {
  const path = join(writeFolder({}), 'report.html');
  writeFileSync(path, await renderPage(inputOf(report, changes)));
  return path;
}

interface Opened {
  readonly page: Page;
  /** What the console said, errors of the page, and every address asked for but its own. */
  readonly trouble: readonly string[];
}

async function open(path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Opened> {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  const own = pathToFileURL(path).href;
  page.on('request', (request) => {
    if (request.url() !== own && !request.url().startsWith('data:')) trouble.push(request.url());
  });
  await page.goto(own);
  return { page, trouble };
}

const violationsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe);
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    'axe.run().then(({ violations }) => violations)',
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
};

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const)(
  '%s, %i pixels wide: no error, no request, nothing that axe objects to, no scrolling sideways',
  async (colorScheme, width) => {
    const path = await writeReport(await reportOf(twoAxes));
    const { page, trouble } = await open(path, { colorScheme, viewport: { width, height: 800 } });
    expect(trouble).toEqual([]);
    for (const details of await page.locator('details').all())
      await details.evaluate('(one) => (one.open = true)');
    expect(await violationsOf(page)).toEqual([]);
    const sizes = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    expect(sizes[0]).toBeLessThanOrEqual(sizes[1]);
    const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(22, 24, 27)' : 'rgb(255, 255, 255)');
  },
);

test('a column is sorted by keyboard, by its exact values, and says so', async () => {
  const report = await reportOf(twoAxes);
  const { page } = await open(await writeReport(report));
  const column = async (index: number) =>
    page.locator(`#leaderboard table[data-sortable] tbody tr td:nth-child(${index})`).allTextContents();
  expect((await column(1)).map(Number)).toEqual([1, 2, 3, 4, 5, 6]);
  const header = page.locator('#leaderboard table[data-sortable] th', { hasText: 'dropout' });
  await header.locator('button').focus();
  await page.keyboard.press('Enter');
  expect(await header.getAttribute('aria-sort')).toBe('ascending');
  expect((await column(2)).map(Number)).toEqual([0, 0, 0.2, 0.2, 0.5, 0.5]);
  await page.keyboard.press('Space');
  expect(await header.getAttribute('aria-sort')).toBe('descending');
  expect((await column(2)).map(Number)).toEqual([0.5, 0.5, 0.2, 0.2, 0, 0]);
});

test('lines of settings, and the setting whose classes are shown, are chosen by keyboard', async () => {
  const { page } = await open(await writeReport(await reportOf(twoAxes)));
  const line = page.locator('#curves .series-0').first();
  expect(await line.isVisible()).toBe(true);
  await page.locator('[data-series="0"]').focus();
  await page.keyboard.press('Space');
  expect(await line.isVisible()).toBe(false);
  await page.locator('[data-none]').focus();
  await page.keyboard.press('Enter');
  expect(await page.locator('#curves .series-3').first().isVisible()).toBe(false);
  await page.locator('[data-all]').press('Enter');
  expect(await line.isVisible()).toBe(true);

  const select = page.locator('[data-panels]');
  expect(await page.locator('#class-cell-0').isVisible()).toBe(true);
  await select.focus();
  await page.keyboard.press('ArrowDown');
  expect(await page.locator('#class-cell-0').isVisible()).toBe(false);
  expect(await page.locator('#class-cell-1').isVisible()).toBe(true);
  await page.reload(); // what was chosen is kept
  expect(await page.locator('#class-cell-1').isVisible()).toBe(true);
});

test('without scripts everything is there', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(pathToFileURL(await writeReport(await reportOf(twoAxes))).href);
  expect(await page.locator('#leaderboard table[data-sortable] tbody tr').count()).toBe(6);
  expect(await page.locator('#curves .series-0').first().isVisible()).toBe(true);
  expect(await page.locator('#class-cell-0').isVisible()).toBe(true);
});

test('while trials are trained the page reads itself again, until the reader stops it or the run ends', async () => {
  const report = await reportOf(twoAxes);
  const path = await writeReport(report, { running: { at: new Date().toISOString() } });
  const finished = readFileSync(await writeReport(report));
  const { page } = await open(path);
  await page.clock.install();
  await page.reload();
  await page.locator('[data-pause]').press('Enter');
  writeFileSync(path, finished);
  await page.clock.runFor(60_000);
  expect(await page.locator('.running').count()).toBe(1); // paused
  const reading = page.waitForEvent('load');
  await page.locator('[data-pause]').press('Enter');
  await page.clock.runFor(21_000);
  await reading;
  expect(await page.locator('.running').count()).toBe(0);
  expect(await page.evaluate('document.documentElement.dataset.running')).toBeUndefined();
});

test('in print the navigation is gone, and the answer is there', async () => {
  const { page } = await open(await writeReport(await reportOf(twoAxes)));
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('nav').isVisible()).toBe(false);
  expect(await page.locator('#answer').isVisible()).toBe(true);
});

test('1,000 trials: under 10 MB, and all of it is there', async () => {
  const path = await writeReport(await reportOf(manyCells(100, 10)));
  expect(readFileSync(path).length).toBeLessThan(10e6);
  const { page, trouble } = await open(path);
  expect(trouble).toEqual([]);
  expect(await page.locator('#leaderboard table[data-sortable] tbody tr').count()).toBe(100);
});

test('10,000 trials: it opens', async () => {
  const { page, trouble } = await open(await writeReport(await reportOf(manyCells(1000, 10))));
  expect(trouble).toEqual([]);
  expect(await page.locator('#leaderboard table[data-sortable] tbody tr').count()).toBe(1000);
});
