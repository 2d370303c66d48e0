import { describe, expect, it, vi } from 'vitest'
import { SpotifyAuthError } from '../../src/errors.ts'
import { keepUnsaved } from '../../src/session/dotfile-save.ts'

describe('a login whose save could not be begun, and that no other place takes,', () => {
  it('is told once, with what failed first', () => {
    for (const name of ['XDG_RUNTIME_DIR', 'TMPDIR']) vi.stubEnv(name, '/dev/null')
    try {
      const first = new SpotifyAuthError('storage', 'The login could not be saved in x (EROFS).')
      const credential = {
        clientId: 'a',
        accessToken: 'b',
        expiresAtMs: 1,
        refreshToken: 'c',
        scopes: [],
        authorizedAtMs: 1,
      }
      expect(() => keepUnsaved({ home: '/nonexistent', profile: 'default' }, credential, first)).toThrow(
        expect.objectContaining({ code: 'storage', message: first.message, cause: first }),
      )
    } finally {
      vi.unstubAllEnvs()
    }
  })
})
