/** The query of a URL with its question mark; empty where nothing is given. */
export function queryOf(parameters: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.append(name, String(value))
  }
  return query.size > 0 ? `?${query}` : ''
}
