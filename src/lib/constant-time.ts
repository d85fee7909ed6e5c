/** Compares two texts in a time that tells nothing but the length of the received one. */
export function equalConstantTime(expected: string, received: string): boolean {
  const { length } = received
  const same = expected.length === length
  const other = same ? expected : received
  let difference = 0
  for (let at = 0; at < length; at++) difference |= other.charCodeAt(at) ^ received.charCodeAt(at)
  return same && difference === 0
}
