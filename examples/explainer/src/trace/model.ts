/** A request as it was pasted, in the spelling of the wire. */
export interface Sent {
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** What stands for the body in the canonical request, where an answer alone tells of the request. */
  readonly payload?: string
}

/** Characters of a part of the road: of the request, or of a stage before. */
export interface Origin {
  readonly part: string
  readonly start: number
  readonly end: number
}

/** One character of a stage, or a few that are one: `%20`. */
export interface Piece {
  readonly text: string
  /** Where it came from; nowhere, where the signer adds it. */
  readonly from: readonly Origin[]
  /** What was done to it, in words. */
  readonly why: string
}

/** A line of a stage. */
export interface Line {
  readonly label: string
  readonly pieces: readonly Piece[]
}

/** Characters that no part of the request gave. */
export const added = (text: string, why: string): Piece => ({ text, from: [], why })

/** A whole text as a piece for each of its characters, all from one origin. */
export const ofOrigin = (text: string, from: readonly Origin[], why: string): Piece[] =>
  text === '' ? [] : [{ text, from, why }]

/** A text with where it stands. */
export interface Located {
  readonly text: string
  readonly origin: Origin
}
