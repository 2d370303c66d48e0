/** Lets many work at once, or one alone. */
export class Gate {
  #inside = 0
  #isClosed = false
  #changed = newSignal()

  /** Works unless somebody is alone inside. */
  async pass(work: () => Promise<void>): Promise<void> {
    while (this.#isClosed) await this.#changed.promise
    this.#inside++
    try {
      await work()
    } finally {
      this.#inside--
      this.#notify()
    }
  }

  /** Waits until nobody is inside, and keeps them out until it is done. */
  async alone(work: () => Promise<void>): Promise<void> {
    this.#isClosed = true
    try {
      while (this.#inside > 0) await this.#changed.promise
      await work()
    } finally {
      this.#isClosed = false
      this.#notify()
    }
  }

  #notify(): void {
    const { resolve } = this.#changed
    this.#changed = newSignal()
    resolve()
  }
}

function newSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
