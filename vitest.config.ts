import { defineConfig } from 'vitest/config'

const alone = 'test/**/*.alone.test.ts'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A worker keeps the modules that it has loaded: loading oidc-provider anew for each file takes most of a second.
    // So a test has to put back what it changes in its process, such as the environment.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [alone],
          // More than three times the cores of the smallest machine that this is run on, because most tests wait more than they compute.
          maxWorkers: 7,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: [alone],
          // These tests assert that something is quick. They come last, and three at a time: most of them wait for a deadline.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
