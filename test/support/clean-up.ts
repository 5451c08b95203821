import { afterAll, afterEach } from 'vitest';
import { cleanUp, cleanUpFile } from './folders.ts';

// by the setup of every file: modules are shared between files, and would register it for the first one alone
afterEach(cleanUp);
afterAll(cleanUpFile);
