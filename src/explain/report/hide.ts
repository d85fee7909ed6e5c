import { redact } from '../../canonical/redact.ts'
import { percentEncode } from '../../lib/percent.ts'
import { once } from '../../lib/remembered.ts'
import type { Credentials } from '../../model/types.ts'
import type { Case } from '../case/case.ts'
import { hasFormOfSecret } from '../search/facts.ts'

/** A text without what must not be shown. */
export type Hide = (text: string) => string

/** Hides every secret and token that is at hand, and the signature that was sent. */
export function hideSecretsOf({ client, options, reading }: Case): Hide {
  const keys = [...(reading?.keys ?? []), ...(options.otherCredentials ?? []), client?.key]
  const { claim, signature } = reading?.statement ?? {}
  const id = claim?.accessKeyId ?? ''
  return hideAll([
    ...keys.flatMap((key) => [(key as Partial<Credentials>)?.secretAccessKey, key?.sessionToken]),
    reading?.evidence.token,
    signature,
    // A secret in place of the id.
    hasFormOfSecret(id) ? id : undefined,
  ])
}

/** How a value may be spelled in a URL, in a form and in XML. */
function spellings(value: string): string[] {
  const texts = [value, value.trim(), value.replace(/\+/g, ' ')]
  return texts.flatMap((text) => {
    // An unpaired surrogate cannot be encoded, and so is in no URL.
    const once = /[\ud800-\udfff]/.test(text) ? [] : [percentEncode(text), encodeURI(text)]
    const twice = once.map((encoded) => encoded.replace(/%/g, '%25'))
    return [text, ...once, ...twice, ...once.map((encoded) => encoded.toLowerCase())]
  })
}

/**
 * Hides values by name, as session tokens and signatures have one, and known values wherever and
 * however they stand: a secret in place of a key id, a token in a query that was encoded again.
 */
function hideAll(values: readonly (string | undefined)[]): Hide {
  const known = [...new Set(values)].filter((value) => value !== undefined) as string[]
  const shortestFirst = known
    .map((value) => ({ value, length: value.trim().length }))
    .filter(({ length }) => length > 3)
    .sort((a, b) => a.length - b.length)
  const lists = shortestFirst.map((_, last) =>
    once(() => {
      const shorter = shortestFirst.slice(0, last + 1)
      const all = new Set(shorter.flatMap(({ value }) => spellings(value)))
      return [...all].filter((text) => text.length > 3).sort((a, b) => b.length - a.length)
    }),
  )
  return (text) => {
    const named = redact(text)
      // Where a query is encoded again, so is the & between its parameters.
      .split(/(%(?:25){0,9}26)/)
      .map((part) => part.replace(/((?:security|session)-token(?:=|%[25]*3D))[^&\n]+/gi, '$1…'))
      .join('')
      .replace(/(Signature(?:=|%[25]*3D))[\da-f]{16,}/gi, '$1…')
    // What is longer than the text is not in it, however it is spelled: it is not spelled for that.
    const last = shortestFirst.findLastIndex(({ length }) => length <= named.length)
    const longestFirst = lists[last]?.() ?? []
    return longestFirst.reduce((shown, value) => shown.split(value).join('…'), named)
  }
}
