export type { DispatchEvent, Dispatcher, Failure, TaskEnd, Work } from './dispatcher.ts';
export { localDispatcher } from './local.ts';
