import { createHash, randomUUID } from 'node:crypto'
import { ACCOUNT, jsonAnswer, jsonOf, type Service, textOf } from '../answers.ts'
import { emptyAnswer, queryAnswer } from '../protocols/protocols.ts'

/** SQS: a receipt for each message, and no queue behind it. */
export const sqs: Service = ({ operation, body, headers, url }) => {
  const isJson = headers.has('x-amz-target')
  const given = isJson ? jsonOf(body) : Object.fromEntries(new URLSearchParams(textOf(body)))
  const QueueUrl = `${url}/${ACCOUNT}/${given.QueueName}`
  const MD5OfMessageBody = createHash('md5').update(`${given.MessageBody}`).digest('hex')
  const receipt = { MD5OfMessageBody, MessageId: randomUUID() }
  const isQueue = /^(CreateQueue|GetQueueUrl)$/.test(operation)
  if (!isQueue && operation !== 'SendMessage')
    return emptyAnswer(isJson ? 'json' : 'query', operation)
  const answer = isQueue ? { QueueUrl } : receipt
  return isJson ? jsonAnswer(answer) : queryAnswer(operation, answer)
}
