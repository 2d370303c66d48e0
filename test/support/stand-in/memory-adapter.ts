import type { Adapter, AdapterPayload } from 'oidc-provider'

/** What the authorization server remembers, in memory; `mayConsume` says whether using a token uses it up. */
export function memoryAdapter(mayConsume: (model: string) => boolean): (model: string) => Adapter {
  return (model) => {
    const stored = new Map<string, AdapterPayload>()
    return {
      async upsert(id, payload) {
        stored.set(id, payload)
      },
      async find(id) {
        return stored.get(id)
      },
      async findByUid(uid) {
        return [...stored.values()].find((payload) => payload.uid === uid)
      },
      async findByUserCode() {},
      async consume(id) {
        const payload = stored.get(id)
        if (payload && mayConsume(model)) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        stored.delete(id)
      },
      async revokeByGrantId(grantId) {
        for (const [id, payload] of stored) if (payload.grantId === grantId) stored.delete(id)
      },
    }
  }
}
