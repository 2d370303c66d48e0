import { SpotifyAuthError } from '../../src/index.ts'

/** The code of the typed error that the work ends with; whatever else it ends with is thrown. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof SpotifyAuthError) return error.code
    throw error
  }
  throw new Error('there was no error')
}
