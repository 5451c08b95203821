export { type NatsDispatcherOptions, natsDispatcher } from './dispatcher.ts';
