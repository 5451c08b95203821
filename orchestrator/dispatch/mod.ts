export type { Advance, DispatchEvent, Dispatcher, Failure, TaskEnd, Work } from './dispatcher.ts';
export { localDispatcher } from './local.ts';
