export type { DispatchEvent, Dispatcher, Failure, Work } from './dispatcher.ts';
export { localDispatcher } from './local.ts';
