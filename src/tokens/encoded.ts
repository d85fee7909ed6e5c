/** Base64 for URLs, without its padding, of a text in ASCII. */
export const base64Url = (text: string): string =>
  btoa(text).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=/g, '')
