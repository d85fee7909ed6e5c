import { readBotocoreLog } from './botocore-log.ts'
import type { Logged } from './pasted.ts'
import { readSdkLog } from './sdk-log.ts'

/** How much of the end of a log is read, in characters: the last call is asked about. */
const LONGEST = 4_194_304

/** Whether a text begins as a message, a document, a curl line or a HAR file does, whatever it quotes. */
const isOther = (text: string): boolean =>
  /^\s*(<|(\$ )?curl(\.exe)?\s|[A-Z][A-Z-]* \S+ HTTP\/|(https?|wss?):\/\/\S+\s*$)/.test(text) ||
  /^\s*\{\s*"log"\s*:/.test(text)

const isEmpty = (logged: Logged): boolean => Object.keys(logged).length === 0

/**
 * Reads what a log shows of a call: `aws --debug`, botocore's lines of a signature, or what the SDK for
 * JavaScript prints; undefined where it is none of them.
 */
export function readLogged(text: string): Logged | undefined {
  if (isOther(text)) return undefined
  const log = text.slice(-LONGEST)
  const botocore = readBotocoreLog(log)
  if (!isEmpty(botocore)) return botocore
  const sdk = readSdkLog(log)
  return isEmpty(sdk) ? undefined : sdk
}
