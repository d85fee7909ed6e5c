import { percentEncodeBytes } from '../lib/percent.ts'
import { parameterOf } from './token-name.ts'

/** The parameters that tell of a signature, but for the headers that it signs, in the one spelling. */
export type FormatParameters = (
  algorithm: string,
  credential: string,
  amzDate: string,
  expiresIn: number,
  tokenName: string,
  sessionToken: string | undefined,
) => readonly string[]

/** Formats the parameters anew; a session token comes last. */
export const formatParameters: FormatParameters = (
  algorithm,
  credential,
  amzDate,
  expiresIn,
  tokenName,
  sessionToken,
) => [
  `X-Amz-Algorithm=${algorithm}`,
  `X-Amz-Credential=${percentEncodeBytes(credential)}`,
  `X-Amz-Date=${amzDate}`,
  `X-Amz-Expires=${expiresIn}`,
  ...(sessionToken ? [`${parameterOf(tokenName)}=${percentEncodeBytes(sessionToken)}`] : []),
]
