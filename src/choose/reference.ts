import { type ItemType, itemTypes } from '../web-api/catalogue.ts'

/** Something of Spotify's that a user has named exactly. */
export interface Reference {
  type: ItemType
  id: string
  uri: string
}

const id = '[0-9A-Za-z]{22}'
const uri = new RegExp(`^spotify:(?:user:[^:]+:)?(${itemTypes.join('|')}):(${id})$`)
const link = new RegExp(
  `^(?:https?://)?open\\.spotify\\.com/(?:intl-[a-z-]+/)?(?:embed/)?(${itemTypes.join('|')})/(${id})/?(?:[?#].*)?$`,
)

/** Reads a Spotify URI, an open.spotify.com link or an id, which is taken as one of `type`; undefined for words. */
export function readReference(text: string, type: ItemType): Reference | undefined {
  const [, itsType, itsId] = uri.exec(text) ?? link.exec(text) ?? []
  if (itsType && itsId) return reference(itsType as ItemType, itsId)
  return new RegExp(`^${id}$`).test(text) ? reference(type, text) : undefined
}

function reference(type: ItemType, id: string): Reference {
  return { type, id, uri: `spotify:${type}:${id}` }
}
