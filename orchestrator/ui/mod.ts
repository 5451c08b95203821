export { isLoopback, type Page, type PageOptions, servePage } from './server.ts';
