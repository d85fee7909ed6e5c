const MOST_BYTES = 65_536
const MOST_MILLISECONDS = 5000

/**
 * What an answer says of its failure: the code that stands in its header, and the beginning of a copy
 * of its body, up to 64 KiB and five seconds, as a server that never ends must not keep anyone.
 */
export async function readFailure(response: Response): Promise<string> {
  let text = `${response.headers.get('x-amzn-errortype')}\n`
  // node-fetch has a stream of Node's here, and some platforms have none.
  const reader = response.clone().body?.getReader?.()
  if (!reader) return text
  const end = () => void reader.cancel().catch(() => undefined)
  const timer = setTimeout(end, MOST_MILLISECONDS)
  // A connection that breaks here breaks for whoever reads the answer, too.
  const read = () => reader.read().catch(() => ({ done: true, value: undefined }))
  for (let part = await read(); !part.done && text.length < MOST_BYTES; part = await read())
    text += new TextDecoder().decode(part.value)
  clearTimeout(timer)
  end()
  return text
}
