import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { it } from '../support/fixture.ts'
import { beginLoginInProcess, runInProcess } from '../support/in-process.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { confidentialApp } from '../support/stand-in.ts'
import { visit } from '../support/visit.ts'

/** Every way in which these secrets can be written, in a sentence for an error. */
const sentence = (secrets: string[]) =>
  secrets
    .map((secret) => `<${secret}> <${encodeURIComponent(secret)}> <${btoa(secret)}> <x${secret}y>`)
    .join(' ')

const loud = ['', '--verbose', '--json', '--verbose --json'].map((text) => ({
  text,
  flags: text.split(' ').filter(Boolean),
}))

describe('an error of the accounts server that repeats what it was told', () => {
  it.for(loud)('at a refresh, with flags: $text', async ({ text, flags }, { sandbox, standIn }) => {
    // A secret of letters that are written otherwise in forms, in JSON and in base64.
    const clientSecret = 'top/secret+"€ 1'
    const login = await sandbox.logIn(standIn, { clientSecret, expiresAtMs: Date.now() - 1 })
    const basic = btoa(`${login.clientId}:${new URLSearchParams({ a: clientSecret }).toString().slice(2)}`)
    const secrets = [clientSecret, login.refreshToken, login.accessToken]
    const said = `${secrets.map((secret) => `<${secret}> <${encodeURIComponent(secret)}>`).join(' ')} Basic ${basic}`
    standIn.fault('POST /api/token', {
      status: 400,
      body: { error: `invalid_request ${said}`, error_description: said },
      headers: { 'www-authenticate': basic },
    })
    const run = text === '--json' ? sandbox.run : runInProcess.bind(null, sandbox)
    const { code, stdout, stderr } = await run(['token', ...flags])
    expect(code).toBe(4)
    expect(stderr).toContain('invalid_request')
    for (const secret of [...secrets, ...secrets.map(encodeURIComponent), basic])
      expect(stdout + stderr).not.toContain(secret)
  })

  // Short ones, with letters that are written otherwise in forms: they look like words of a message.
  it.for(loud)('at a login, with flags: $text', async ({ text, flags }, { sandbox, standIn }) => {
    const clientSecret = 'top/secret+"€ 1'
    const code = 'a.code/of+"€ 2'
    const env = { SPOTIFY_CLIENT_ID: confidentialApp.clientId, SPOTIFY_CLIENT_SECRET: clientSecret }
    const login = await (text === '--json'
      ? sandbox.beginLogin(flags, { env })
      : beginLoginInProcess(sandbox, flags, { env }))
    const callback = new URL(await login.answer('agree'))
    callback.searchParams.set('code', code)
    let secrets: string[] = []
    standIn.fault('POST /api/token', {
      status: 400,
      body: {},
      // Made when it is sent, because only then the verifier is known.
      transform: () => {
        const verifier = standIn.requestsTo('POST /api/token')[0]?.form.get('code_verifier') ?? ''
        secrets = [code, clientSecret, verifier].flatMap((secret) => [
          secret,
          encodeURIComponent(secret),
          new URLSearchParams([['', secret]]).toString().slice(1),
        ])
        const said = secrets.map((secret) => `<${secret}> <x${secret}y>`).join(' ')
        return { error: 'invalid_request', error_description: said }
      },
    })
    await visit(callback.href)
    const { code: exitCode, stdout, stderr } = await login.outcome
    expect(exitCode).toBe(4)
    expect(stderr).toContain('invalid_request: <…> <x…y> <…> <x…y> <…>')
    expect(secrets.at(-1)).toMatch(/^[\w-]{43}$/)
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret)
  })
})

describe('an error of the Web API that repeats the access token', () => {
  // The program, where it says the most.
  const runOnItsOwn: typeof runInProcess = (sandbox, args) =>
    args.includes('--include') && args.includes('--verbose')
      ? (sandbox as Sandbox).run(args)
      : runInProcess(sandbox, args)
  it.for([
    ['as JSON', (said: string) => ({ error: { status: 400, message: said } }), runOnItsOwn],
    ['as text', (said: string) => said, runInProcess],
    [
      'in a long message',
      (said: string) => ({ error: { message: `${'x '.repeat(90)}${said}` } }),
      runInProcess,
    ],
  ] as const)('%s', async ([, bodyOf, run], { sandbox, standIn }) => {
    const { accessToken } = await sandbox.logIn(standIn)
    for (const flags of [...loud.map(({ flags }) => flags), ['--include'], ['--include', '--verbose']]) {
      standIn.fault('GET /v1/me', {
        status: 400,
        body: bodyOf(sentence([accessToken])),
        headers: {
          'x-echo': `Bearer ${accessToken}`,
          'www-authenticate': `Bearer error_description="${accessToken}"`,
        },
      })
      const { code, stdout, stderr } = await run(sandbox, ['api', '/me', ...flags])
      expect(code).toBe(5)
      for (const told of [stdout, stderr]) expect(told).not.toContain(accessToken)
      expect(stderr).toContain('refused with status 400')
    }
  })

  it('a short one, without a word that looks like a secret', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn, { accessToken: 'a.b/c"d\\e' })
    standIn.fault('GET /v1/me', { status: 403, body: { error: { message: 'not with a.b/c"d\\e here' } } })
    const { stderr } = await runInProcess(sandbox, ['api', '/me'])
    expect(stderr).toContain('Spotify refused: not with … here.')
  })

  it('leaves other errors as they are', async ({ sandbox, standIn }) => {
    await sandbox.logIn(standIn)
    const body =
      '{"error":  {"status": 404, "message": "Non existing id: \'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP\'"}}'
    standIn.fault('GET /v1/tracks/x', { status: 404, body, headers: { 'content-type': 'application/json' } })
    const { stdout, stderr } = await runInProcess(sandbox, ['api', '/tracks/x', '--include'])
    expect(stdout).toContain(body)
    expect(stderr).toContain("Non existing id: 'spotify:track:3vHx5LqZs7Ea9bNcTf2WkP'")
  })
})

it('what is stored is not touched by what is not shown', async ({ sandbox, standIn }) => {
  const { refreshToken } = await sandbox.logIn(standIn)
  expect(await runInProcess(sandbox, ['token', '--refresh'])).toMatchObject({ code: 0 })
  expect(readFileSync(sandbox.credentialFile, 'utf8')).toContain(refreshToken)
})
