export { fetchDataset } from './install.ts';
export { downloadProgress } from './progress.ts';
export { SOURCES } from './sources.ts';
export { type Standing, survey } from './survey.ts';
