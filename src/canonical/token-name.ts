/** The header of a session token. */
export const tokenNameOf = ({
  sessionTokenName = 'x-amz-security-token',
}: {
  readonly sessionTokenName?: string | undefined
}): string => sessionTokenName.toLowerCase()

/** `X-Amz-Security-Token` for `x-amz-security-token`: how AWS spells its fields in a query. */
export const parameterOf = (header: string): string =>
  header.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
