/** How often Spotify is asked for a user who has a page open. */
const pollMs = 5_000

/**
 * Server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html) for the pages of each user. `look(id)`
 * returns what to show, or undefined when the user is not logged in any more. However many tabs a user has open,
 * Spotify is asked once for all of them.
 */
export function createSources(look) {
  /** The open pages of each user. */
  const pages = new Map()

  function send(id, name, data = '') {
    for (const page of pages.get(id) ?? []) page.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  function end(id) {
    send(id, 'over')
    for (const page of pages.get(id) ?? []) page.end()
    pages.delete(id)
  }

  async function follow(id, open) {
    let shown
    while (pages.get(id) === open) {
      try {
        const text = await look(id)
        if (text === undefined) return end(id)
        if (text !== shown) send(id, 'playing', text)
        shown = text
      } catch (error) {
        console.error(error)
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs).unref())
    }
  }

  return {
    /** Sends events to this page until it is closed. */
    add(id, request, page) {
      page.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders()
      const isFirst = !pages.has(id)
      const open = pages.get(id) ?? new Set()
      pages.set(id, open.add(page))
      request.once('close', () => {
        open.delete(page)
        if (open.size === 0 && pages.get(id) === open) pages.delete(id)
      })
      if (isFirst) void follow(id, open)
    },
    /** Tells the pages of a user that the login is over. */
    end,
  }
}
