import { fingerprintOf } from '../src/session/fingerprint.ts'

/** What the ledger needs to know of a process. */
interface Suspect {
  /** Whether kill -9 was sent to it. */
  killed: boolean
}

/** A refresh: the token presented, by whom, and the token that was answered in its place. */
export interface Exchange {
  by: Suspect
  presented: string
  answered?: string
}

/** All refresh tokens that stem from one login. */
interface Family {
  /** Refreshes whose answer is not known to have been saved. */
  open: Set<Exchange>
  isJudged: boolean
}

/** Far more than there are between a refresh and its trial. */
const longestMemory = 2_000

/**
 * Knows which refresh token came out of which login, and which answers died with their process.
 * Under strict rotation such an answer costs the login, whatever the program does: the old token is used up.
 */
export class Ledger {
  /** By the fingerprint of each, which is all that is kept of one that was refused. */
  readonly #families = new Map<string, Family>()

  noteLogin(refreshToken: string): void {
    this.#remember(refreshToken, { open: new Set(), isJudged: false })
  }

  /** A refresh request has arrived, perhaps of a process that is dead already. */
  noteRequest(by: Suspect, presented: string): Exchange {
    const exchange: Exchange = { by, presented }
    const family = this.#families.get(fingerprintOf(presented))
    if (!family) return exchange
    // Who presents an answered token has found it on disk.
    for (const other of family.open) if (other.answered === presented) family.open.delete(other)
    family.open.add(exchange)
    return exchange
  }

  noteAnswer(exchange: Exchange, answered: string): void {
    exchange.answered = answered
    const family = this.#families.get(fingerprintOf(exchange.presented))
    if (family) this.#remember(answered, family)
  }

  /** The process has ended by itself: nothing of it is lost without being its fault. */
  noteEnd(exchanges: Exchange[]): void {
    for (const exchange of exchanges)
      this.#families.get(fingerprintOf(exchange.presented))?.open.delete(exchange)
  }

  areOfOneLogin(one: string, other: string): boolean {
    const family = this.#families.get(fingerprintOf(one))
    return family !== undefined && family === this.#families.get(fingerprintOf(other))
  }

  /** Why a refresh token is refused: a kill has cost the login, or nothing explains it; undefined when told before. */
  judge(refused: string): 'kill' | 'unexplained' | undefined {
    const family = this.#families.get(fingerprintOf(refused))
    if (family?.isJudged) return undefined
    if (family) family.isJudged = true
    const lostAnswers = [...(family?.open ?? [])].filter(
      ({ by, answered }) => by.killed && fingerprintOf(answered) !== fingerprintOf(refused),
    )
    return lostAnswers.length > 0 ? 'kill' : 'unexplained'
  }

  #remember(refreshToken: string, family: Family): void {
    // Last in the order of the map is last seen.
    this.#families.delete(fingerprintOf(refreshToken))
    this.#families.set(fingerprintOf(refreshToken), family)
    const [oldest] = this.#families.keys()
    if (this.#families.size > longestMemory && oldest !== undefined) this.#families.delete(oldest)
  }
}
