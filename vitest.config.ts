import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Tests start many processes and look at the clock: one file at a time, so that they do not slow each other down.
    fileParallelism: false,
  },
})
