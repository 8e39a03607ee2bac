import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contract,server,web,bench,test}/**/*.test.ts'],
    globalSetup: './server/test/global-setup.ts',
    // Real databases, child processes and a browser: correct or hung, never "too slow". This only ends what hangs.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Two cores: more files at once only wait for each other.
    maxWorkers: 2,
  },
})
