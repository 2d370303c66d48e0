import KeyvRedis, { createClient } from '@keyv/redis'
import { Redis } from 'ioredis'
import { Keyv } from 'keyv'
import { Mutex } from 'redis-semaphore'

/** The stores of several instances, in one Redis. While it is away everything throws, at once. */
export async function storesInRedis(url, { loginLifeMs, userLifeMs }) {
  const client = createClient({ url, disableOfflineQueue: true })
  client.on('error', report)
  await client.connect()
  // The mutex knows no other client than this.
  const locks = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, lazyConnect: true })
  locks.on('error', report)
  await locks.connect()

  const keyv = (namespace, ttl) => {
    // Without `throwOnErrors` a Redis that is away would look like one that knows nobody.
    const adapter = new KeyvRedis(client, { namespace, throwOnErrors: true })
    return new Keyv(adapter, { namespace, ttl, useKeyPrefix: false, throwOnErrors: true })
  }
  return {
    logins: keyv('now-playing:login', loginLifeMs),
    users: keyv('now-playing:user', userLifeMs),
    async lock(id, work) {
      const mutex = new Mutex(locks, `now-playing:user:${id}`, {
        // A renewal takes ten seconds at most, so nothing has to extend it; of an instance that dies it is left so long.
        lockTimeout: 15_000,
        refreshInterval: 0,
        acquireTimeout: 40_000,
        retryInterval: 50,
      })
      await mutex.acquire()
      try {
        return await work()
      } finally {
        await mutex.release()
      }
    },
  }
}

function report(error) {
  console.error(`Redis: ${error.message || error.code}`)
}
