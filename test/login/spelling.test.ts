import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { runInProcess } from '../support/in-process.ts'

describe('another spelling of a loopback address is refused with the right one', () => {
  it.for([
    ['http://127.1:3217/callback', 'http://127.0.0.1:3217/callback'],
    ['http://0x7f.1/callback', 'http://127.0.0.1/callback'],
    ['http://2130706433:3217/callback', 'http://127.0.0.1:3217/callback'],
    ['http://127.0.0.1.:3217/callback', 'http://127.0.0.1:3217/callback'],
    ['http://１２７.0.0.1:3217/callback', 'http://127.0.0.1:3217/callback'],
    ['http://[0:0:0:0:0:0:0:1]:3217/callback', 'http://[::1]:3217/callback'],
    ['http:127.0.0.1:3217/callback', 'http://127.0.0.1:3217/callback'],
    ['http:\\\\127.0.0.1\\callback', 'http://127.0.0.1/callback'],
    ['http://@127.0.0.1:3217/callback', 'http://127.0.0.1:3217/callback'],
    ['http://127.0.0.1:/callback', 'http://127.0.0.1/callback'],
    [' http://127.0.0.1:3217/callback', 'http://127.0.0.1:3217/callback'],
  ])('%s', async ([given = '', right], { sandbox, standIn }) => {
    const ways: [string[], Record<string, string>][] = [
      [['login', '--redirect-uri', given], {}],
      [['login'], { SPOTIFY_REDIRECT_URI: given }],
      [['config', 'set', 'redirect_uri', given], {}],
    ]
    for (const [args, env] of ways) {
      const { code, stderr } = await runInProcess({ env: { ...sandbox.env, ...env } }, args)
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`Write it as ${right},`) })
    }
    expect(sandbox.wasBrowserOpened()).toBe(false)
    expect(standIn.requests).toEqual([])
  })
})
