export { cleanLater, makeFolder, mountSmallDisk } from './folders.ts';
export { type FileServer, startHttp } from './http.ts';
export { digestOfFiles, idxImages, idxLabels, type Stand, standIn, writeFiles } from './images.ts';
export { inProcess } from './in-process.ts';
export { freePort, type NatsOptions, type NatsServer, plain, startNats } from './nats.ts';
export {
  type Ended,
  edgesweep,
  PROGRAM,
  type Running,
  type StartOptions,
  start,
  startProcess,
  THREAD,
} from './program.ts';
export { chance } from './random.ts';
export { journalLines, journalText, outcomesText, tableFiles } from './sweep-directory.ts';
export { type SweepText, writeSweep } from './sweeps.ts';
export { QUICK } from './timings.ts';
export { waitFor } from './wait-for.ts';
