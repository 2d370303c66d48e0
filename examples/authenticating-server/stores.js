const loginLifeMs = 10 * 60_000
// No login lives longer at Spotify than six months.
const userLifeMs = 184 * 24 * 60 * 60_000

/**
 * Logins that have begun, by their state; users' credentials, by the id in the browser's cookie; and a lock for what
 * changes the credential of one user. In memory, or in Redis, where several instances share them.
 */
export async function openStores(redisUrl) {
  if (!redisUrl) return { logins: mapWithLife(loginLifeMs), users: new Map(), lock: lockInProcess() }
  const { storesInRedis } = await import('./redis/stores.js')
  return storesInRedis(redisUrl, { loginLifeMs, userLifeMs })
}

/** A map that forgets what is older. */
function mapWithLife(lifeMs) {
  const entries = new Map()
  const forgetOld = () => {
    for (const [key, { endsAtMs }] of entries) if (endsAtMs <= Date.now()) entries.delete(key)
  }
  return {
    get(key) {
      forgetOld()
      return entries.get(key)?.value
    },
    set(key, value) {
      forgetOld()
      entries.set(key, { value, endsAtMs: Date.now() + lifeMs })
    },
    delete: (key) => entries.delete(key),
  }
}

/** Runs what concerns the same user one after the other. */
function lockInProcess() {
  const last = new Map()
  return async (id, work) => {
    const turn = (last.get(id) ?? Promise.resolve()).catch(() => {}).then(work)
    last.set(id, turn)
    try {
      return await turn
    } finally {
      if (last.get(id) === turn) last.delete(id)
    }
  }
}
