import { element } from '../lib/xml.ts'
import { jsonAnswer, type Service, xmlAnswer } from './answer.ts'
import { createS3 } from './s3.ts'

type Item = Readonly<Record<string, unknown>>

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body)

/** DynamoDB: items in memory, found by their key attributes. */
function createDynamoDb(): Service {
  const tables = new Map<string, Item[]>()
  return ({ headers, body }) => {
    const call = (headers.get('x-amz-target') ?? '').split('.')[1]
    const {
      TableName = '',
      Item,
      Key,
    } = JSON.parse(textOf(body) || '{}') as {
      TableName?: string
      Item?: Item
      Key?: Item
    }
    const items = tables.get(TableName) ?? []
    if (call === 'ListTables') return jsonAnswer({ TableNames: [...tables.keys()].sort() })
    if (call === 'PutItem' && Item) {
      tables.set(TableName, [Item, ...items])
      return jsonAnswer({})
    }
    if (call === 'GetItem' && Key) {
      const same = (item: Item) =>
        Object.entries(Key).every(
          ([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value),
        )
      const found = items.find(same)
      return jsonAnswer(found ? { Item: found } : {})
    }
    return jsonAnswer(
      { __type: 'UnknownOperationException', message: `The test server does not know ${call}.` },
      400,
    )
  }
}

/** Lambda: an invocation answers with its own payload. */
const lambda: Service = ({ path, body }) =>
  /\/invocations$/.test(path)
    ? { headers: { 'content-type': 'application/json' }, body: body.byteLength ? body : 'null' }
    : /\/functions\/?$/.test(path)
      ? jsonAnswer({ Functions: [] })
      : jsonAnswer({ Type: 'User', message: 'The test server does not know this call.' }, 404)

/** STS: who the caller is. */
const sts: Service = ({ accessKeyId }) =>
  xmlAnswer('GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"', [
    element('GetCallerIdentityResult', [
      element('Arn', `arn:aws:iam::123456789012:user/${accessKeyId}`),
      element('UserId', accessKeyId),
      element('Account', '123456789012'),
    ]),
    element('ResponseMetadata', [element('RequestId', 'countersign')]),
  ])

/** A service of which no more is known than that its request is verified. */
const anyOther: Service = ({ headers }) =>
  /urlencoded/.test(headers.get('content-type') ?? '') ? xmlAnswer('Response', []) : jsonAnswer({})

/** The stand-ins by the service in the scope. */
export function createServices(): (name: string) => Service {
  const s3 = createS3()
  const services: Readonly<Record<string, Service>> = {
    s3,
    s3express: s3,
    dynamodb: createDynamoDb(),
    lambda,
    sts,
  }
  return (name) => (Object.hasOwn(services, name) ? (services[name] as Service) : anyOther)
}
