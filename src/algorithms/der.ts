import { hex } from '../lib/hex.ts'

/** An element of DER, by where it stands in its bytes. */
export interface Element {
  readonly tag: number
  readonly start: number
  /** Where its content begins. */
  readonly content: number
  readonly end: number
}

/** The element that begins at a place; undefined where none does, or it is longer than what is there. */
export function readElement(
  bytes: Uint8Array,
  start: number,
  limit: number = bytes.length,
): Element | undefined {
  const tag = bytes[start] as number
  const first = bytes[start + 1] as number
  // X.509 has no tag of several bytes, and nothing that takes more than four to say its length.
  if (first === 0x80 || first > 0x84) return undefined
  const content = start + 2 + (first > 0x80 ? first - 0x80 : 0)
  let length = first > 0x80 ? 0 : first
  for (let at = start + 2; at < content; at++) length = length * 256 + (bytes[at] as number)
  const end = content + length
  // Beyond the bytes there are no numbers, and none of them is at most the limit.
  return end <= limit ? { tag, start, content, end } : undefined
}

/** The elements within another, up to the first that is none. */
export function elementsIn(bytes: Uint8Array, parent: Element | undefined): Element[] {
  const found: Element[] = []
  if (!parent) return found
  let at = parent.content
  while (at < parent.end) {
    const element = readElement(bytes, at, parent.end)
    if (!element) break
    found.push(element)
    at = element.end
  }
  return found
}

/** An element in hex digits, of its tag and its content. */
export const formatElement = (tag: string, content: string): string => {
  const digits = (content.length / 2).toString(16)
  const length = digits.length % 2 ? `0${digits}` : digits
  const short = content.length < 256
  return tag + (short ? length : hex([0x80 + length.length / 2]) + length) + content
}
