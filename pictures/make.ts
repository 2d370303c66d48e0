import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { launchChromium } from '../test/support/chromium.ts'
import { draw, schemes } from './draw.ts'
import { drawPolybar } from './polybar.ts'
import { play, scenes } from './scenes.ts'

// Writes docs/pictures: each in light and dark, and what each shows as text, by which a test notices when it is out of
// date. It needs Chromium, tmux, script, Xvfb, polybar and ImageMagick.
const directory = new URL('../docs/pictures/', import.meta.url)
const texts: Record<string, string> = {}
const hashes: Record<string, string> = {}

const browser = await launchChromium('/usr/bin/chromium')
for (const scene of scenes) {
  const recording = await play(scene)
  texts[scene.name] = recording.text
  for (const scheme of schemes)
    write(`${scene.name}-${scheme}.png`, await draw(browser, recording, scene, scheme))
}
await browser.close()
for (const scheme of schemes) write(`polybar-${scheme}.png`, await drawPolybar(scheme))
writeFileSync(new URL('pictures.json', directory), `${JSON.stringify({ texts, hashes }, null, 2)}\n`)

/** Writes it with as few colours as will do. */
function write(name: string, png: Buffer): void {
  const small = execFileSync(
    'convert',
    ['-', '-strip', '-colors', '48', '-define', 'png:compression-level=9', 'png8:-'],
    {
      input: png,
    },
  )
  hashes[name] = createHash('sha256').update(small).digest('hex')
  writeFileSync(new URL(name, directory), small)
  console.log(`${name}: ${small.length} bytes`)
}
