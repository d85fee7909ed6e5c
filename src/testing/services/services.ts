import { createHash, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  ACCOUNT,
  type Answer,
  type Call,
  type Given,
  type Operation,
  type Operations,
  type Service,
  textOf,
} from '../answers.ts'
import { eventFrame, eventStreamAnswer } from '../connection/events.ts'
import { resultAnswer, serviceError } from '../protocols/protocols.ts'
import { createS3 } from '../s3/table.ts'
import { cognito, iam, sts } from './identity.ts'

/** The parameters of a call, in a form or in JSON; none where its body is neither. */
function givenIn({ protocol, body }: Call): Given {
  const text = textOf(body)
  if (protocol === 'query') return Object.fromEntries(new URLSearchParams(text))
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** A service of the calls that it knows, and of what becomes of any other. */
const serviceOf =
  (operations: Operations, other?: object): Service =>
  (call) => {
    const { operation } = call
    const known = Object.hasOwn(operations, operation) ? operations[operation] : () => other
    const result = known?.(givenIn(call), call)
    return result && resultAnswer(call, result)
  }

type Item = Readonly<Record<string, unknown>>

/** DynamoDB: items in memory, found by their key attributes; a table is made by its first item. */
function createDynamoDb(): Operations {
  const tables = new Map<string, Item[]>()
  const itemsOf = ({ TableName }: Given) => tables.get(`${TableName}`) ?? []
  // Any other attribute may differ.
  const isAt = ({ Key }: Given, item: Item) =>
    Object.entries(Object(Key)).every(([name, value]) => isDeepStrictEqual(item[name], value))
  return {
    ListTables: () => ({ TableNames: [...tables.keys()].sort() }),
    PutItem(given) {
      if (!given.Item) return undefined
      tables.set(`${given.TableName}`, [given.Item as Item, ...itemsOf(given)])
      return {}
    },
    GetItem: (given) =>
      given.Key ? { Item: itemsOf(given).find((item) => isAt(given, item)) } : undefined,
    DeleteItem(given) {
      if (!given.Key) return undefined
      const others = itemsOf(given).filter((item) => !isAt(given, item))
      tables.set(`${given.TableName}`, others)
      return {}
    },
  }
}

const queueUrl: Operation = ({ QueueName }, { url }) => ({
  QueueUrl: `${url}/${ACCOUNT}/${QueueName}`,
})

const receiptOf = ({ Id, MessageBody }: Given) => ({
  Id,
  MessageId: randomUUID(),
  MD5OfMessageBody: createHash('md5').update(`${MessageBody}`).digest('hex'),
})

/** SQS: a receipt for each message, and no queue behind it. */
const sqs: Operations = {
  CreateQueue: queueUrl,
  GetQueueUrl: queueUrl,
  SendMessage: ({ MessageBody }) => receiptOf({ MessageBody }),
  // In JSON alone: a form has its messages under names of their own.
  SendMessageBatch: ({ Entries }) =>
    Array.isArray(Entries) ? { Successful: Entries.map(receiptOf) } : undefined,
}

/** Lambda: an invocation, and a request to a function's URL, is answered with its own payload. */
const lambda: Service = (call) => {
  const { operation, path, headers, body } = call
  const { 'content-type': type = 'application/json', 'x-amz-invocation-type': kind = '' } = headers
  const echo = { headers: { 'content-type': type }, body: body.byteLength > 0 ? body : 'null' }
  if (!/^\/20\d\d-\d\d-\d\d\//.test(path)) return echo
  if (operation === 'InvokeWithResponseStream')
    return eventStreamAnswer([
      eventFrame('PayloadChunk', body, 'application/octet-stream'),
      eventFrame('InvokeComplete', '{}'),
    ])
  const status = kind === 'Event' ? 202 : 204
  if (operation === 'Invoke') return /^(Event|DryRun)$/.test(kind) ? { status } : echo
  return /\/functions\/?$/.test(path) ? resultAnswer(call, { Functions: [] }) : undefined
}

/** Answers every call: as the service in its scope does, or as most clients are content with. */
export function createServices(): (call: Call) => Promise<Answer> {
  const s3 = createS3()
  const services: Readonly<Record<string, Service>> = {
    s3,
    s3express: s3,
    lambda,
    dynamodb: serviceOf(createDynamoDb()),
    iam: serviceOf(iam),
    sts: serviceOf(sts),
    'cognito-identity': serviceOf(cognito),
    sqs: serviceOf(sqs, {}),
  }
  return async (call) => {
    const { service, protocol, operation } = call
    if (Object.hasOwn(services, service)) {
      const answer = await services[service]?.(call)
      if (answer) return answer
      throw serviceError(
        501,
        'NotImplemented',
        `The test server does not know ${operation || 'this call'}, whose signature holds. Answer it by its option answer.`,
      )
    }
    // A stream of no events, for those that are answered by one.
    const isStream = /Stream$/.test(operation) && protocol === 'rest-json'
    return isStream ? eventStreamAnswer([]) : resultAnswer(call)
  }
}
