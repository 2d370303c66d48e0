import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { Recording } from './scenes.ts'
import type { Size } from './terminal.ts'

export const schemes = ['light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

const package_ = path.dirname(createRequire(import.meta.url).resolve('@xterm/xterm/package.json'))
const [css, script] = ['css/xterm.css', 'lib/xterm.js'].map((file) =>
  readFileSync(path.join(package_, file), 'utf8'),
)

const themes = {
  light: {
    background: '#fafaf8',
    foreground: '#1c1c1a',
    cursor: '#fafaf8',
    black: '#1c1c1a',
    green: '#17743c',
    yellow: '#8a6100',
    cyan: '#0b6b7d',
    blue: '#2257b5',
    magenta: '#8a3b9e',
    red: '#b3261e',
    white: '#5c5c57',
    brightBlack: '#77776f',
  },
  dark: {
    background: '#161615',
    foreground: '#ededea',
    cursor: '#161615',
    black: '#161615',
    green: '#5fcf8b',
    yellow: '#e5c07b',
    cyan: '#6cc7d8',
    blue: '#8ab4f8',
    magenta: '#d6a5e6',
    red: '#ff8a80',
    white: '#ededea',
    brightBlack: '#8b8b84',
  },
}

/** The terminal as xterm.js draws it, with the page of the browser beside it, as a PNG. */
export async function draw(
  browser: Browser,
  { bytes, page: html }: Recording,
  { columns, rows }: Size,
  scheme: Scheme,
): Promise<Buffer> {
  const context = await browser.newContext({ colorScheme: scheme, deviceScaleFactor: 2 })
  const { background, foreground } = themes[scheme]
  const frame = html
    ? `<iframe srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
    : ''
  try {
    const page = await context.newPage()
    await page.setContent(`<!doctype html><style>${css}
      body { margin: 0 }
      #picture { display: inline-flex; gap: 16px; padding: 2px }
      #terminal, iframe { border: 1px solid color-mix(in srgb, ${foreground} 25%, ${background}); border-radius: 8px; background: ${background} }
      #terminal { padding: 12px 14px }
      iframe { width: 300px }
      .xterm-viewport { overflow: hidden !important }
    </style><div id="picture"><div id="terminal"></div>${frame}</div>`)
    await page.addScriptTag({ content: script })
    const options = {
      cols: columns,
      rows,
      theme: themes[scheme],
      fontFamily: 'DejaVu Sans Mono',
      fontSize: 14,
      lineHeight: 1.15,
      scrollback: 0,
      cursorInactiveStyle: 'none',
    }
    // In the page, where there is a `Terminal`.
    await page.evaluate(`new Promise((resolve) => {
      const terminal = new Terminal(${JSON.stringify(options)})
      terminal.open(document.querySelector('#terminal'))
      terminal.write(${JSON.stringify(bytes)} + '\\u001b[?25l', () => requestAnimationFrame(() => setTimeout(resolve, 200)))
    })`)
    return await page.locator('#picture').screenshot({ omitBackground: true })
  } finally {
    await context.close()
  }
}
