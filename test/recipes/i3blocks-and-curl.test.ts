import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { hearATrack, playNext } from '../support/now-playing.ts'
import { withProgramOnPath } from '../support/on-path.ts'
import { recipe } from '../support/recipe.ts'
import { waitFor } from '../support/sandbox.ts'
import { needs } from '../support/tools.ts'

describe.concurrent('the recipe of', () => {
  it.beforeEach(hearATrack)

  const inI3blocks = needs('i3blocks', 'i3blocks')
  it.skipIf(inI3blocks.skip)(
    `${inI3blocks.title} shows the track, follows a change, and takes no markup`,
    async ({ sandbox, standIn }) => {
      const env = withProgramOnPath(sandbox)
      const directory = env.HOME ?? ''
      const file = path.join(directory, 'i3blocks.conf')
      writeFileSync(file, recipe('ini'))
      const child = spawn('i3blocks', ['-c', file], { env, cwd: directory, detached: true })
      const exited = once(child, 'exit')
      let output = ''
      child.stdout.on('data', (lines) => {
        output += lines
      })
      const shows = (title: string) =>
        waitFor(
          () =>
            output
              .trimEnd()
              .split('\n')
              .at(-1)
              ?.includes(`"full_text":${JSON.stringify(title)}`) ?? false,
        )
      await shows('Marisol Vantreight, Claude Debussy - Clair de lune')
      playNext(standIn, '<b>"x" & $(touch pwned)')
      await shows('Marisol Vantreight, Claude Debussy - &lt;b&gt;&quot;x&quot; &amp; $(touch pwned)')
      standIn.playback = undefined
      await waitFor(() => !output.trimEnd().split('\n').at(-1)?.includes('Marisol'))
      // It waits for its blocks' commands to end: all of them get the signal, as from i3bar.
      process.kill(-Number(child.pid), 'SIGTERM')
      await exited
      expect(existsSync(path.join(directory, 'pwned'))).toBe(false)
    },
  )

  const byCurl = needs('curl', 'curl')
  it.skipIf(byCurl.skip)(`${byCurl.title} sends the token`, async ({ sandbox, standIn }) => {
    const env = withProgramOnPath(sandbox)
    const line = recipe('sh').replace('https://api.spotify.com/v1', standIn.env.SPOTIFY_API_URL)
    const child = spawn('sh', ['-c', line], { env })
    expect(JSON.parse(await text(child.stdout))).toMatchObject({ display_name: 'Ada Lovelace' })
  })
})
