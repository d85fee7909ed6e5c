interface Named {
  readonly sessionTokenName?: string | undefined
}

/** The header of a session token: as the credentials have it, else the options. */
export const tokenNameOf = (options: Named, credentials: Named = options): string =>
  (credentials.sessionTokenName ?? options.sessionTokenName ?? 'x-amz-security-token').toLowerCase()

/** `X-Amz-Security-Token` for `x-amz-security-token`: how AWS spells its fields in a query. */
export const parameterOf = (header: string): string =>
  header.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
