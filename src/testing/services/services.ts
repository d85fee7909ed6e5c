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
import { resultAnswer } from '../protocols/protocols.ts'
import { serviceError } from '../protocols/service-error.ts'
import { createS3 } from '../s3/table.ts'
import { cognito, iam, sts } from './identity.ts'

/** Maps and lists in one another, at the most: DynamoDB takes 32, and nobody more than this. */
const MOST_LEVELS = 100

const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((inside) => isWithin(inside, levels - 1)))

/** What a text is in JSON; undefined where it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The parameters of a call, in a form or in JSON, which must be an object. */
function givenIn({ protocol, body }: Call): Given {
  const text = textOf(body)
  if (protocol === 'query') return Object.fromEntries(new URLSearchParams(text))
  const given = jsonIn(text || '{}')
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  if (isObject && isWithin(given, MOST_LEVELS)) return given as Given
  throw serviceError(400, 'SerializationException', 'The body is no JSON of an object.')
}

/** Parameters that a call must have, as texts. */
function textsOf<const Name extends string>(given: Given, ...names: Name[]): Record<Name, string> {
  const wrong = names.find((name) => typeof given[name] !== 'string')
  if (wrong) throw serviceError(400, 'ValidationException', `${wrong} must be given, as a text.`)
  return given as Record<Name, string>
}

/** A service of the calls that it knows, and of what becomes of any other. */
const serviceOf =
  (operations: Operations, other?: object): Service =>
  (call) => {
    const { operation, protocol } = call
    const known = Object.hasOwn(operations, operation) ? operations[operation] : () => other
    const result = protocol === 'cbor' ? undefined : known?.(givenIn(call), call)
    return result && resultAnswer(call, result)
  }

type Item = Readonly<Record<string, unknown>>

/** DynamoDB: items in memory, found by their key attributes; a table is made by its first item. */
function createDynamoDb(): Operations {
  const tables = new Map<string, Item[]>()
  /** The table of a call and its items, and what it gives under a name. */
  function read(given: Given, name: 'Item' | 'Key') {
    const { TableName } = textsOf(given, 'TableName')
    const attributes = given[name] as Item
    if (typeof attributes !== 'object' || Object.keys(attributes ?? {}).length === 0)
      throw serviceError(400, 'ValidationException', `${name} must be given, as a map.`)
    // Any other attribute may differ.
    const isMeant = (item: Item) =>
      Object.entries(attributes).every(([key, value]) => isDeepStrictEqual(item[key], value))
    const items = tables.get(TableName) ?? []
    return { TableName, attributes, items, isMeant }
  }
  return {
    ListTables: () => ({ TableNames: [...tables.keys()].sort() }),
    PutItem(given) {
      const { TableName, attributes, items } = read(given, 'Item')
      tables.set(TableName, [attributes, ...items])
      return {}
    },
    GetItem(given) {
      const { items, isMeant } = read(given, 'Key')
      return { Item: items.find(isMeant) }
    },
    DeleteItem(given) {
      const { TableName, items, isMeant } = read(given, 'Key')
      tables.set(
        TableName,
        items.filter((item) => !isMeant(item)),
      )
      return {}
    },
  }
}

const queueUrl: Operation = (given, { url }) => ({
  QueueUrl: `${url}/${ACCOUNT}/${textsOf(given, 'QueueName').QueueName}`,
})

function receiptOf(message: Given): Given {
  const { MessageBody } = textsOf(message, 'MessageBody')
  const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex')
  return { MD5OfMessageBody, MessageId: randomUUID() }
}

/** SQS: a receipt for each message, and no queue behind it. */
const sqs: Operations = {
  CreateQueue: queueUrl,
  GetQueueUrl: queueUrl,
  SendMessage: receiptOf,
  // In JSON alone: a form has its messages under names of their own.
  SendMessageBatch: ({ Entries }) =>
    Array.isArray(Entries)
      ? { Successful: Entries.map((entry) => ({ Id: entry?.Id, ...receiptOf(Object(entry)) })) }
      : undefined,
}

/** Lambda: an invocation, and a request to a function's URL, is answered with its own payload. */
const lambda: Service = (call) => {
  const { operation, path, headers, body } = call
  const { 'content-type': type = 'application/json', 'x-amz-invocation-type': kind = '' } = headers
  const echo = { headers: { 'content-type': type }, body: body.byteLength > 0 ? body : 'null' }
  if (!/^\/20\d\d-\d\d-\d\d\//.test(path)) return echo
  if (/^Invoke/.test(operation) && jsonIn(textOf(body) || 'null') === undefined)
    throw serviceError(400, 'InvalidRequestContentException', 'The payload is no JSON.')
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
    // Whoever it is for, it is read before it is answered.
    if (protocol === 'json') givenIn(call)
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
