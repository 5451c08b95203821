import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/clean-up.ts'],
    // modules are loaded once a worker and not once a file: half of the processor time of the unit tests
    isolate: false,
    // on two cores: what most tests of the cluster take is waiting, for a server or a process to end
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
