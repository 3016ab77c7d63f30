import { loadFolder } from '../system/load-folder.js';
import type { ModelFormat } from './model-format.js';

/** Every format that there is: each a file in formats/. */
export const modelFormats = await loadFolder<ModelFormat>(new URL('formats/', import.meta.url));
