export { type Choice, requireIndex } from './choice.ts';
export { type DumpFile, dataFiles, jsonFile, layerFiles, writeFolder } from './files.ts';
export { encodeNpy } from './npy.ts';
