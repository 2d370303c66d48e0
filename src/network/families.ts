/** Requests of the Web API that share a quota. Spotify publishes no list: this one is what its responses show. */
export type Family = 'player' | 'history' | 'search' | 'catalogue' | 'playlists' | 'library' | 'profile'

/** What a request is for: the accounts server, or a path of the Web API, which may have a query. */
export type Asked = 'accounts' | { path: string }

/** Which paths belong to a family, each with all that lies below it; the first that fits counts. */
const paths: Record<Family, RegExp> = {
  history: /^\/me\/(player\/recently-played|top)\//,
  player: /^\/me\/player\//,
  search: /^\/search\//,
  catalogue: /^\/(artists|albums|tracks|shows|episodes|audiobooks|chapters)\//,
  playlists: /^\/(me\/)?playlists\//,
  library: /^\/me\/(library|tracks|albums|shows|episodes|audiobooks|following)\//,
  profile: /^/,
}

export const families = Object.keys(paths) as Family[]

/** The family of a path below the version of the Web API, which may have a query. */
export function familyOf(path: string): Family {
  const whole = `${path.split('?')[0]}/`
  return families.find((family) => paths[family].test(whole)) as Family
}
