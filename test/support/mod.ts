export { asText } from './bytes.ts';
export { cifarPackage, labelsOf, pngOf } from './cifar-package.ts';
export {
  type CommandBlock,
  codeBlocks,
  commandBlocks,
  DOCUMENTS,
  ELSEWHERE,
  elsewhere,
  fileBlocks,
  NEEDS_SERVER,
  otherBlocks,
  programBlocks,
  SERVES,
  sweepBlocks,
} from './documents.ts';
export { cleanLater, keptForFile, makeFolder, mountSmallDisk } from './folders.ts';
export { type FileServer, startHttp } from './http.ts';
export { digestOfFiles, idxImages, idxLabels, type Stand, standIn, testStandIn, writeFiles } from './images.ts';
export { inProcess, type Started, startHere } from './in-process.ts';
export { type NatsOptions, startNats } from './nats.ts';
export { freePort, type NatsServer, plain } from './nats-server.ts';
export { type Ended, PROGRAM, type Running } from './processes.ts';
export { edgesweep, type StartOptions, start, startProcess, THREAD } from './program.ts';
export { requirePython3 } from './python.ts';
export { chance } from './random.ts';
export { type Entry, startRegistry, tarOf } from './registry.ts';
export { ceilingResult, searchResult } from './results.ts';
export { forgedLine, journalLines, journalText, outcomesText, tableFiles } from './sweep-directory.ts';
export { type SweepText, writeSweep } from './sweeps.ts';
export { QUICK } from './timings.ts';
export { waitFor } from './wait-for.ts';
