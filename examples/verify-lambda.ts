/** Verifies requests to a Lambda function URL that anyone may call (AuthType: NONE). */
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda'
import { awsError, createVerifier } from 'countersign'
import { receivedFromLambda } from 'countersign/node-http'
import { credentials } from './keys.ts'

const verifier = createVerifier({ service: 'lambda', region: 'eu-west-1', credentials })

export async function handler(event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> {
  const result = await verifier.verify(receivedFromLambda(event))
  // Route by what was signed: `result.path`.
  if (result.ok)
    return { statusCode: 200, body: `Hello ${result.accessKeyId}, here is ${result.path}` }
  const { status, headers, body } = awsError(result, 'json')
  return { statusCode: status, headers, body }
}
