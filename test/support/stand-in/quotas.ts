import { Refusal } from './api-route.ts'

/** How many requests of a family an app may make, by the family's name; of what is not named, as many as it likes. */
export type Quotas = Record<string, number>

/** Most of a day, as Spotify has been seen to ask for. */
const retryAfter = '86207'

const catalogue = ['artists', 'albums', 'tracks', 'shows', 'episodes', 'audiobooks', 'chapters']
const library = ['library', 'tracks', 'albums', 'shows', 'episodes', 'audiobooks', 'following']

/** Counts the requests of each app by family, as for developer accounts with one app each; throws when a quota is used up. */
export function countQuotas(quotas: Quotas): (clientId: string, path: string) => void {
  const counts = new Map<string, number>()
  return (clientId, path) => {
    const family = familyOf(path)
    const key = `${clientId} ${family}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count <= (quotas[family] ?? Number.POSITIVE_INFINITY)) return
    throw new Refusal(429, 'API rate limit exceeded', 'QUOTA_EXCEEDED', { 'retry-after': retryAfter })
  }
}

/** The families that Spotify's answers show, told from a path such as `/v1/me/player` by the stand-in's own rules. */
function familyOf(path: string): string {
  const [, , first = '', second = '', third = ''] = path.split('/')
  if (first === 'search' || first === 'playlists') return first
  if (catalogue.includes(first)) return 'catalogue'
  if (first !== 'me') return 'profile'
  if (second === 'top' || third === 'recently-played') return 'history'
  if (second === 'player' || second === 'playlists') return second
  return library.includes(second) ? 'library' : 'profile'
}
