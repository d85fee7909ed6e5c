import { isDeepStrictEqual } from 'node:util'
import { jsonAnswer, jsonOf, type Service } from '../answers.ts'

type Item = Readonly<Record<string, unknown>>

/** DynamoDB: items in memory, found by their key attributes; a table is made by its first item. */
export function createDynamoDb(): Service {
  const tables = new Map<string, Item[]>()
  return ({ operation, body }) => {
    const { TableName, Item, Key } = jsonOf(body)
    const items = tables.get(`${TableName}`) ?? []
    // Any other attribute may differ.
    const isOther = (item: Item) =>
      !Object.entries(Object(Key)).every(([name, value]) => isDeepStrictEqual(item[name], value))
    if (operation === 'ListTables') return jsonAnswer({ TableNames: [...tables.keys()].sort() })
    if (operation === 'PutItem' && Item) {
      tables.set(`${TableName}`, [Item as Item, ...items])
      return jsonAnswer({})
    }
    if (operation === 'GetItem' && Key) {
      const found = items.find((item) => !isOther(item))
      return jsonAnswer(found ? { Item: found } : {})
    }
    if (operation !== 'DeleteItem' || !Key) return undefined
    tables.set(`${TableName}`, items.filter(isOther))
    return jsonAnswer({})
  }
}
