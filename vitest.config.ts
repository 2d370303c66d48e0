import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // The tests of the built program start processes of their own: more workers than cores make them wait for each other.
    maxWorkers: 2,
  },
})
