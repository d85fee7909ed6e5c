import { fromLatin1, latin1 } from './latin1.ts'

/** Standard base64 of bytes, with its padding. */
export const base64 = (bytes: Uint8Array): string => btoa(latin1(bytes))

/** The bytes of standard base64 with its padding, or undefined where the text is not that. */
export const fromBase64 = (text: string): Uint8Array | undefined =>
  text.length % 4 || !/^[A-Za-z\d+/]*={0,2}$/.test(text) ? undefined : fromLatin1(atob(text))
