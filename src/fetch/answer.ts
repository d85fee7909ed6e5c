/** Of a refusal and of a redirect the body is read, too. */
const TOLD = /^(30[1278]|40[013])/

const MOST_BYTES = 65_536
const MOST_MILLISECONDS = 5000

/**
 * What an answer says of its failure: the status, what stands in its headers, and the beginning of its
 * body, up to 64 KiB and five seconds, as a server that never ends must not keep anyone; and the answer,
 * unread.
 */
export async function readFailure(
  response: Response,
): Promise<readonly [text: string, answer: Response]> {
  const { status, headers } = response
  let text = `${status} ${headers.get('x-amzn-errortype')} <Region>${headers.get('x-amz-bucket-region') ?? ''}<`
  // node-fetch has a stream of Node's here, and some platforms have none.
  if (!TOLD.test(text) || !response.body?.getReader) return [text, response]
  // The copy is what is handed back: where the copy is left half read, Node throws at a later abort.
  const copy = response.clone()
  const reader = response.body.getReader()
  const end = () => void reader.cancel().catch(() => undefined)
  const timer = setTimeout(end, MOST_MILLISECONDS)
  try {
    let part: { done: boolean; value?: Uint8Array | undefined }
    do {
      part = await reader.read()
      text += new TextDecoder().decode(part.value)
    } while (!part.done && text.length < MOST_BYTES)
  } catch {
    // What ends here, by an abort or the connection, ends for whoever reads the answer, too.
  }
  clearTimeout(timer)
  end()
  return [text, copy]
}
