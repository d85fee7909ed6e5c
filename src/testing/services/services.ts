import type { Answer, Service, ServiceRequest } from '../answers.ts'
import { eventStreamAnswer } from '../connection/events.ts'
import { emptyAnswer, type Protocol, unknownCall } from '../protocols/protocols.ts'
import { createS3 } from '../s3/s3.ts'
import type { Store } from '../s3/store.ts'
import { cognito } from './cognito.ts'
import { createDynamoDb } from './dynamodb.ts'
import { iam } from './iam.ts'
import { lambda } from './lambda.ts'
import { sqs } from './sqs.ts'
import { sts } from './sts.ts'

/** Answers every call: as the service in its scope does, or as most clients are content with. */
export function createServices(
  store: Store,
): (name: string, protocol: Protocol, request: ServiceRequest) => Promise<Answer> {
  const [s3, dynamodb] = [createS3(store), createDynamoDb()]
  const services: Readonly<Record<string, Service>> = {
    ...{ s3, s3express: s3, dynamodb, iam, lambda, sqs, sts, 'cognito-identity': cognito },
  }
  return async (name, protocol, request) => {
    const { operation } = request
    if (Object.hasOwn(services, name))
      return (await services[name]?.(request)) ?? unknownCall(protocol, operation)
    // A stream of no events, for those that are answered by one.
    const isStream = /Stream$/.test(operation) && protocol === 'rest-json'
    return isStream ? eventStreamAnswer([]) : emptyAnswer(protocol, operation)
  }
}
