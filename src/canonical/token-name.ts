/** The header of a session token: as the credentials name it, else the options. */
export const tokenNameOf = (
  options: { readonly sessionTokenName?: string | undefined },
  own: string | undefined = options.sessionTokenName,
): string => (own ?? 'x-amz-security-token').toLowerCase()

/** `X-Amz-Security-Token` for `x-amz-security-token`: how AWS spells its fields in a query. */
export const parameterOf = (header: string): string =>
  header.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
