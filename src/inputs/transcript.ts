/** What `curl -v` shows: the last request that it sent, and what came for it. */
export interface Transcript {
  /** The head of an HTTP message: the body is not shown. */
  readonly head: string
  /** The body of the answer, as far as it is shown; empty where it is elsewhere. */
  readonly answer: string
}

/** Whether a line is of the heads, of curl's own words, or of its meter. */
const isOfCurl = (line: string): boolean =>
  /^[<>*]( |$)|^[{}] \[\d+ bytes data\]$/.test(line) ||
  line.includes('--:--:--') ||
  /^(% Total|Dload) /.test(line.trimStart())

/**
 * Reads what `curl -v` prints, on which lines of the request begin with `> `, those of the answer with
 * `< ` and curl's own with `* `; undefined where it is no such text.
 * @see https://curl.se/docs/manpage.html#-v
 */
export function readTranscript(text: string): Transcript | undefined {
  // curl's meter writes over itself.
  const lines = text.split(/\r?\n|\r/)
  const start = lines.findLastIndex((line) => /^> [A-Z][A-Z-]* \S+ HTTP\//.test(line))
  if (start < 0) return undefined
  const sent: string[] = []
  const came: string[] = []
  for (const line of lines.slice(start)) {
    if (/^> ./.test(line)) sent.push(line.slice(2))
    else if (!isOfCurl(line)) came.push(line)
  }
  return { head: `${sent.join('\r\n')}\r\n\r\n`, answer: came.join('\n').trim() }
}
