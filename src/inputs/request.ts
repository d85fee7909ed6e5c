import { fail } from '../model/errors.ts'
import { parseCurlLine } from './curl-line.ts'
import { parseHar } from './har.ts'
import { readLogged } from './logged.ts'
import type { PastedRequest } from './pasted.ts'
import { parseRawRequest } from './raw-request.ts'
import { readTranscript } from './transcript.ts'

/**
 * Reads a request in any of the shapes that people paste: an HTTP message, a curl line, what
 * `curl -v` or `aws --debug` shows, what an SDK for JavaScript logs, a HAR entry (or the log around
 * it, of which the last entry counts), or a URL, presigned or not.
 *
 * @throws CountersignError `invalid-url` where it is none of them
 */
export function readRequest(text: string): PastedRequest {
  const pasted = text.trim()
  const logged = readLogged(pasted)
  if (logged?.request) return logged.request
  if (/^\{/.test(pasted)) return parseHar(pasted)
  if (/^(\$ )?curl(\.exe)?\s/.test(pasted)) return parseCurlLine(pasted)
  if (/^(https?|wss?):\/\/\S+$/i.test(pasted)) return { method: 'GET', url: pasted, headers: [] }
  return (
    parseRawRequest(readTranscript(pasted)?.head ?? text.trimStart()) ??
    fail('invalid-url', 'an HTTP message, a curl line, a HAR entry or an absolute url')
  )
}
