import type { SourcePath } from './source-tree.js';

/** A path as people write it: `augmentations.flip[0].horizontalFlip`. */
export function describePath(path: SourcePath): string {
  return path
    .map((step) => (/^\d+$/.test(String(step)) ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** A JSON pointer (RFC 6901) as a path. */
export function toPath(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
