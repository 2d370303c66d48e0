/** The link on the listener that `login` shows in place of the long address; empty where there is none. */
export function shortLinkOf(stderr: string): string {
  return /http:\/\/\S+\/[\w-]{22}$/m.exec(stderr)?.[0] ?? ''
}
