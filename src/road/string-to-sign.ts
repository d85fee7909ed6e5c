/** The string to sign of a request: algorithm, date, scope and the canonical request's hash, a line each. */
export const formatStringToSign = (
  algorithm: string,
  amzDate: string,
  scope: string,
  hash: string,
): string => `${algorithm}\n${amzDate}\n${scope}\n${hash}`
