import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders with the longest tests, these first: a long file that begins last runs alone. */
const LONGEST = ['cluster', 'conformance', 'cli', 'property', 'page', 'api', 'package', 'docs'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/clean-up.ts'],
    // modules are loaded once a worker and not once a file: half of the processor time of the unit tests
    isolate: false,
    // what is built is loaded as it is
    server: { deps: { external: [/\/dist\/program\//] } },
    sequence: { sequencer: LongestFirst },
    // on two cores: what most tests of the cluster take is waiting, for a server or a process to end
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
