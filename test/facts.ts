import { imageFactsOf } from '../src/data/image-facts.js';
import fashionMnist from '../src/data/sets/fashion-mnist.js';
import type { ImageFacts } from '../src/train/pipeline.js';

/** What training knows of Fashion-MNIST. */
export const imageFacts: ImageFacts = imageFactsOf(fashionMnist, new Uint8Array(0));
