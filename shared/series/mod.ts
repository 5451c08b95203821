export { decodeSeries, encodeSeries } from './parquet.ts';
export * from './series.ts';
