import type { Readable, Writable } from 'node:stream'
import { visibleLines } from '../lib/visible.ts'

/** The world of one call, so that a test can stand in for it. */
export interface World {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined }
  readonly stdout: Writable & { readonly isTTY?: boolean | undefined }
  readonly stderr: Writable & { readonly isTTY?: boolean | undefined }
  readonly env: Readonly<Record<string, string | undefined>>
  /** The process that has started this one; another, once that has gone. */
  readonly ppid?: number
  /** Listens for a signal that would end the process. */
  once?(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

const write = (stream: Writable, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(text.endsWith('\n') ? text : `${text}\n`, (error) =>
      error ? reject(error) : resolve(),
    )
  })

/**
 * Writes a text and a line end, waiting where the reader is slow. All that is printed goes this way but
 * the body of an answer: what cannot be seen is spelled out, so that nobody else moves the cursor.
 */
export const writeLine = (
  stream: Writable,
  text: string,
  colored: (text: string) => string = (text) => text,
): Promise<void> => write(stream, colored(visibleLines(text)))

/** Whether a stream wants colours: a terminal, unless NO_COLOR says no or FORCE_COLOR yes. */
export const wantsColor = (
  stream: { readonly isTTY?: boolean | undefined },
  { NO_COLOR, FORCE_COLOR }: World['env'],
): boolean => !NO_COLOR && (Boolean(FORCE_COLOR && FORCE_COLOR !== '0') || stream.isTTY === true)
