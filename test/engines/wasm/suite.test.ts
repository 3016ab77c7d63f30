/** The tests of the engine, of training and of models once more, on the WebAssembly engine. */
import { expect, test } from 'vitest';
import './use-wasm.js';
import '../../engine/graph-function.test.js';
import '../../engine/outliving.test.js';
import '../../engine/resize-bilinear.test.js';
import '../../model/mobilenet-v1/pretrained-weights.test.js';
import '../../train/augment.test.js';
import '../../train/classifier.test.js';
import '../../train/device-images.test.js';
import '../../train/keep-networks.test.js';
import '../../train/optimizer.test.js';
import '../../train/pipeline.test.js';
import '../../train/train-trial.test.js';
import { backend } from '../../../src/engine/raw-operations.js';
import { WasmBinding } from '../../../src/engines/wasm/wasm-binding.js';

test('it is the WebAssembly engine that was tested', () => {
  expect(backend.binding).toBeInstanceOf(WasmBinding);
});
