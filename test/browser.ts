/** Chromium as npm packs it: nothing has to be installed beside `npm ci`. */
import type { Browser } from 'playwright-core';

/** The arguments that come with it are for machines with one process; with those it ends when its first page is closed. */
const args = ['--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--font-render-hinting=none'];

export async function openBrowser(): Promise<Browser> {
  const [{ default: bundled }, { chromium }] = await Promise.all([
    import('@sparticuz/chromium'),
    import('playwright-core'),
  ]);
  return chromium.launch({ executablePath: await bundled.executablePath(), args, headless: true });
}
