import { defineConfig } from 'vitest/config';

// Whole repositories are installed and run, so tests that start programs take turns on two cores.
const shared = {
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['test/support/property-seed.ts'],
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['**/*.full.test.ts', 'test/golden/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'full',
          include: ['test/**/*.full.test.ts'],
          exclude: ['test/golden/**'],
          fileParallelism: false,
        },
      },
    ],
  },
});
