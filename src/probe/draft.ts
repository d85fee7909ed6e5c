import type { Field } from '../lib/fields.ts'
import type { SigningRequest, SignOptions, Trace } from '../model/types.ts'

/** What of a signature is changed before it is made once more. */
export interface Resigning {
  /** In the canonical request. */
  readonly canonical?: readonly Edit[]
  /** In the string to sign, whose third line is what the key is derived for. */
  readonly text?: readonly Edit[]
}

/** What stands in a text, of which the first is replaced, and by what. */
export type Edit = readonly [from: string | RegExp, to: string | ((found: string) => string)]

/** A signed request, as it will be written to the wire once it is spoilt. */
export interface Draft {
  method: string
  /** The request target. */
  target: string
  /** In order; what frames the message is added where it is missing. */
  fields: Field[]
  body: Uint8Array
  /** The fields of a form, its file last, of which the body is made. */
  form?: Field[]
  /** What was signed; a form has none. */
  readonly trace: Pick<Trace, 'canonicalRequest' | 'stringToSign' | 'signature'> | undefined
  /** What was asked to be signed, and by which options; of a form and a body in chunks nothing. */
  readonly asked?: { readonly request: SigningRequest; readonly options: SignOptions }
  /** The server's own host, as its clients name it. */
  readonly host: string
  /** As in the scope that it is signed for. */
  readonly service: string
  /** The region that the server is in. */
  readonly region: string
  /** Signs a text for a scope, with the key of the case. */
  readonly sign: (text: string, scope: string) => Promise<string>
}

/** A text with an edit made in it; one that finds nothing is a mistake of the case. */
export function edited(text: string, [from, to]: Edit): string {
  const found = typeof from === 'string' ? text.includes(from) : from.test(text)
  if (!found) throw new Error(`There is no ${from} in ${text}.`)
  return text.replace(from, to as string)
}
