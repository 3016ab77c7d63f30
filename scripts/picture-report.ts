/**
 * Takes the pictures of a report that README shows, from a sweep that has been run:
 *
 *     npx runner experiments/flip-vs-mask-small.yaml
 *     npx tsx scripts/picture-report.ts results/flip-vs-mask-small/report.html docs/pictures
 *
 * Writes report-answer.webp and report-images.webp, 1,000 pixels wide, in light colours.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { openBrowser } from '../test/browser.js';

const [page, folder] = process.argv.slice(2);
if (page === undefined || folder === undefined) throw new Error('usage: picture-report.ts REPORT.HTML FOLDER');

/** What each picture shows: from one section to the end of another, or so many pixels of it. */
const pictures = [
  { name: 'report-answer', from: 'h1', height: 1100 },
  { name: 'report-images', from: '#classes', height: 1350 },
] as const;

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
try {
  const tab = await browser.newPage({ viewport: { width: 1000, height: 1200 }, colorScheme: 'light' });
  await tab.goto(pathToFileURL(resolve(page)).href);
  const width = 1000;
  for (const { name, from, height } of pictures) {
    const box = (await tab.locator(from).first().boundingBox())!;
    const clip = { x: 0, y: Math.max(0, box.y - 12), width, height };
    const png = await tab.screenshot({ clip, fullPage: true });
    const webp = await sharp(png).webp({ quality: 70 }).toBuffer();
    await sharp(webp).toFile(join(folder, `${name}.webp`));
    console.log(`${name}.webp: ${Math.round(webp.length / 1000)} KB`);
  }
} finally {
  await browser.close();
}
