import type { Profile } from './profile.ts'

/** The header of a session token. */
export const tokenNameOf = ({
  sessionTokenName = 'x-amz-security-token',
}: Pick<Profile, 'sessionTokenName'>): string => sessionTokenName.toLowerCase()

/** `X-Amz-Security-Token` for `x-amz-security-token`: how AWS spells its fields in a query. */
export const parameterOf = (header: string): string =>
  header.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
