import { hostname } from 'node:os'

interface Invitation {
  authorizeUrl: string
  /** Leads to the authorize URL from a browser that reaches the listener; missing where nothing listens. */
  shortLink: string | undefined
  /** Whether the browser is being opened. */
  opens: boolean
  /** Whether the callback's address can be pasted. */
  canPaste: boolean
}

/** What tells the user where to log in, and how to finish when the browser is on another machine. */
export function renderInvitation({ authorizeUrl, shortLink, opens, canPaste }: Invitation): string {
  if (!shortLink) {
    return `Open this address in a browser and agree; then paste here the address\nthat it ends on:\n\n${authorizeUrl}\n`
  }
  if (opens) {
    return `Your browser opens to log in at Spotify. If it does not,\nopen this in a browser on this computer:\n\n  ${shortLink}\n\nIt is short for\n\n${authorizeUrl}\n`
  }
  const { port, hostname: address } = new URL(shortLink)
  const forward = `To log in at Spotify, open this in a browser on this computer:

  ${shortLink}

If your browser is on another computer, forward the port from there first,
and open the same link there:

  ssh -L ${port}:${address}:${port} ${hostname()}
`
  const paste = `
Or open the long address in any browser, agree, and paste here the address
that it ends on (its page will not load):

${authorizeUrl}
`
  return forward + (canPaste ? paste : `\nIt is short for\n\n${authorizeUrl}\n`)
}
