import { join } from 'node:path';
import { writeFileAtomically } from '../system/write-file-atomically.js';
import type { PageInput } from './html/sections/section.js';

export const pageName = 'report.html';

/** Writes report.html into an experiment's results. The library that draws is loaded here: 0.25 s. */
export async function writePage(directory: string, input: PageInput): Promise<void> {
  const { renderPage } = await import('./html/page.js');
  await writeFileAtomically(join(directory, pageName), await renderPage(input));
}
