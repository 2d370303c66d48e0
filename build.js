import { createHash } from 'node:crypto'
import { copyFile } from 'node:fs/promises'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'

const external = /^[^./]/

const quickToLoad = {
  name: 'quick-to-load',
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      file.code = file.code
        // A single letter that is not ASCII makes Node keep all of a file in twice the memory, and take longer to read it.
        .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        // `require` also prepares what it returns for `import`.
        .replace(/\brequire\(("node:[a-z0-9/_]+")\)/g, 'process.getBuiltinModule($1)')
    }
  },
}

// The program: one file with all that an everyday command needs, and a part for each thing that is loaded when it is
// asked for: what a start has to read and compile counts.
const program = await rolldown({
  input: 'src/main.ts',
  platform: 'node',
  external,
  // The parts import from it, too.
  preserveEntrySignatures: 'allow-extension',
})
const { output } = await program.write({
  dir: 'dist',
  cleanDir: true,
  format: 'cjs',
  minify: true,
  entryFileNames: '[name].cjs',
  plugins: [quickToLoad],
  generatedCode: { symbols: false },
  chunkFileNames: 'parts/[name].cjs',
  codeSplitting: {
    groups: [
      { name: 'everyday', tags: ['$initial'] },
      // A refresh loads all of these, so they are few files. The first two are for others, too: a group takes with it
      // what it imports, as far as no earlier one has it.
      { name: 'private', test: /\/src\/system\/private-.*\.ts$/ },
      {
        name: 'failures',
        test: /\/src\/(network\/(limit-memory|network-error|rate-limited)|terminal\/counted|untrusted\/quote)\.ts$/,
      },
      {
        name: 'store',
        test: /\/src\/(session\/(dotfile-.*|fingerprint|superseded|helper-lock)|system\/(file-lock|lock-kind|kernel-lock|lock-by-addon))\.ts$/,
      },
      {
        name: 'refresh',
        test: /\/src\/(session\/refresh(-backoff)?|oauth\/refresh-tokens)\.ts$/,
      },
    ],
  },
})

// What is started: it loads the program without compiling it.
const [main] = output
const digest = createHash('sha256').update(main.code).digest('hex').slice(0, 16)
const start = await rolldown({
  input: 'bin/spotify-auth.ts',
  platform: 'node',
  external,
  transform: { define: { build: JSON.stringify(digest) } },
})
await start.write({
  dir: 'dist',
  format: 'cjs',
  minify: true,
  entryFileNames: '[name].cjs',
  plugins: [quickToLoad],
})

// The library, for import and for require.
const library = await rolldown({ input: 'src/index.ts', platform: 'node', external })
for (const [format, extension] of [
  ['esm', 'js'],
  ['cjs', 'cjs'],
]) {
  await library.write({
    dir: 'dist',
    format,
    // The package holds it twice, so its size counts; names and comments are in the declarations.
    minify: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `library/[name].${extension}`,
  })
}
const types = await rolldown({
  input: 'src/index.ts',
  platform: 'node',
  external,
  plugins: dts({ emitDtsOnly: true, oxc: true }),
})
await types.write({ dir: 'dist', format: 'esm' })
await copyFile('dist/index.d.ts', 'dist/index.d.cts')
