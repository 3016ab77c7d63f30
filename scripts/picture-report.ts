/**
 * Takes the pictures of a report that README shows, from a sweep that has been run:
 *
 *     npx runner experiments/quickstart.yaml
 *     npx tsx scripts/picture-report.ts results/quickstart/report.html docs/pictures
 *
 * Writes report-answer.webp and report-images.webp, 1,200 pixels wide, in light colours.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { openBrowser } from '../test/browser.js';

const [page, folder] = process.argv.slice(2);
if (page === undefined || folder === undefined)
  throw new Error('usage: picture-report.ts REPORT.HTML FOLDER');

/** What each picture shows: so many pixels from the beginning of a part. */
const pictures = [
  { name: 'report-answer', from: 'h1', height: 1120 },
  { name: 'report-images', from: '#images', height: 760 },
] as const;

const width = 1200;

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  const tab = await browser.newPage({ viewport: { width, height: 1200 }, colorScheme: 'light' });
  await tab.goto(pathToFileURL(resolve(page)).href);
  for (const { name, from, height } of pictures) {
    const box = (await tab.locator(from).first().boundingBox())!;
    const clip = { x: 0, y: Math.max(0, box.y - 12), width, height };
    const png = await tab.screenshot({ clip, fullPage: true });
    const { size } = await sharp(png)
      .webp({ quality: 60 })
      .toFile(join(folder, `${name}.webp`));
    console.log(`${name}.webp: ${Math.round(size / 1000)} KB`);
  }
} finally {
  await browser.close();
}
