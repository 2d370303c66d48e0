/** A state of affairs that begins and ends, perhaps many times. */
export class Period {
  #isOn = false
  #lastEndAtMs = Number.NEGATIVE_INFINITY

  get isOn(): boolean {
    return this.#isOn
  }

  begin(): void {
    this.#isOn = true
  }

  end(): void {
    if (this.#isOn) this.#lastEndAtMs = Date.now()
    this.#isOn = false
  }

  /** Whether it was on at that instant or has been at any instant since. */
  hasBeenOnSince(ms: number): boolean {
    return this.#isOn || this.#lastEndAtMs >= ms
  }
}
