import { rolldown } from 'rolldown'

// One file with all that an everyday command needs, and a part for each thing that is loaded when it is asked for:
// what a start has to read and compile counts.
const bundle = await rolldown({ input: 'bin/spotify-auth.ts', platform: 'node', external: /^[^./]/ })
await bundle.write({
  dir: 'dist',
  cleanDir: true,
  format: 'cjs',
  minify: true,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'parts/[name].cjs',
  codeSplitting: { groups: [{ name: 'everyday', tags: ['$initial'] }] },
})
