import type { Section } from '../section.ts';
import { adam, rmsprop } from './adaptive.ts';
import { batches, syntheticBatches, whyBelow } from './batches.ts';
import { crossEntropy, crossEntropyLayers } from './cross-entropy.ts';
import { density } from './density.ts';
import { centralFlow, flow } from './flows.ts';
import { initializations } from './initializations.ts';
import { cnn, transformer } from './models.ts';
import { momentum } from './momentum.ts';
import { objectives } from './objectives.ts';
import { kinks, sharpening } from './sharpening.ts';

/** In the order of the document. */
export const SECTIONS: readonly Section[] = [
  momentum,
  adam,
  rmsprop,
  initializations,
  crossEntropy,
  crossEntropyLayers,
  objectives,
  sharpening,
  kinks,
  flow,
  centralFlow,
  density,
  cnn,
  transformer,
  batches,
  whyBelow,
  syntheticBatches,
];
