import { CountersignError, type ErrorCode } from 'countersign'

/** What is fuzzed: a function that strangers call, in effect. */
export interface Target<Subject = unknown, Result = unknown> {
  readonly name: string
  /** The codes of errors that it documents. */
  readonly codes: readonly ErrorCode[]
  /** CPU milliseconds that an input may cost, without the optimising compiler: some, and by the byte. */
  readonly cost: { readonly fixed: number; readonly perByte: number }
  /** Inputs to start from. */
  seeds(): readonly Uint8Array[]
  /** What an input stands for; not measured. */
  read(input: Uint8Array): Subject
  /** What is measured. */
  call(subject: Subject): Result | Promise<Result>
  /** What is wrong with a result, in a sentence; undefined where it is as it should be. */
  judge(subject: Subject, result: Result): string | undefined
}

/** A target with its types forgotten, once they have been checked. */
export const target = <Subject, Result>(it: Target<Subject, Result>): Target => it as Target

/** Texts in which a byte is a character, as a socket brings them. */
export const latin1 = (input: Uint8Array): string => Buffer.from(input).toString('latin1')

/** An input that begins with the number of what it is read by: a key, a form of body. */
export const numbered = (number: number, text: string | Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.of(number), typeof text === 'string' ? Buffer.from(text, 'latin1') : text])

/** What an input's number stands for, and the rest of it. */
export const byNumber = <T>(all: readonly T[], input: Uint8Array): readonly [T, Uint8Array] => [
  all[(input[0] ?? 0) % all.length] as T,
  input.subarray(1),
]

/** What an error says that is not documented; undefined where it is. */
export const undocumented = (error: unknown, codes: readonly ErrorCode[]): string | undefined =>
  error instanceof CountersignError && codes.includes(error.code)
    ? undefined
    : `throws ${error instanceof Error ? error.stack : String(error)}`
