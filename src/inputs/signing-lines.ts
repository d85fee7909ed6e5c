import type { SignedTexts } from './pasted.ts'

/** What botocore logs of a signature, with whatever a logger puts before it. */
const MARK = /(?:^|[\s:])(CanonicalRequest|StringToSign|Signature):$/

/** How many lines a canonical request has: three, its headers to an empty line, and two. */
function canonicalLength(lines: readonly string[], from: number): number {
  const empty = lines.indexOf('', from + 3)
  return empty < 0 ? 0 : empty + 3 - from
}

/**
 * Reads the lines `CanonicalRequest:`, `StringToSign:` and `Signature:` of botocore's log, a group for
 * each time that something was signed.
 */
export function readSigningLines(text: string): readonly SignedTexts[] {
  const lines = text.split(/\r?\n/)
  const groups: { canonicalRequest?: string; stringToSign?: string; signature?: string }[] = []
  const group = (name: keyof SignedTexts, value: string) => {
    const last = groups[groups.length - 1]
    if (!last || last[name] !== undefined || name === 'canonicalRequest')
      groups.push({ [name]: value })
    else last[name] = value
  }
  for (let at = 0; at < lines.length; at++) {
    const [, mark] = MARK.exec((lines[at] as string).trimEnd()) ?? []
    if (mark === 'CanonicalRequest') {
      const length = canonicalLength(lines, at + 1)
      const canonicalRequest = lines.slice(at + 1, at + 1 + length).join('\n')
      if (length > 0 && lines[at + length]) group('canonicalRequest', canonicalRequest)
      at += length
    } else if (mark === 'StringToSign') {
      const stringToSign = lines.slice(at + 1, at + 5).join('\n')
      if (/^AWS4-/.test(stringToSign)) group('stringToSign', stringToSign)
    } else if (mark === 'Signature') {
      const [signature] = /^[\da-f]{64}/.exec(lines[at + 1] ?? '') ?? []
      if (signature) group('signature', signature)
    }
  }
  return groups
}
