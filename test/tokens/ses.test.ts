import { createHmac } from 'node:crypto'
import { sesSmtpPassword } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { exampleKey } from '../support/example-key.ts'

/**
 * AWS's algorithm, line by line as its page has it.
 * @see https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert
 */
function published(secret: string, region: string): string {
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest()
  let signature = hmac(`AWS4${secret}`, '11111111')
  signature = hmac(signature, region)
  signature = hmac(signature, 'ses')
  signature = hmac(signature, 'aws4_request')
  signature = hmac(signature, 'SendRawEmail')
  return Buffer.concat([Buffer.of(0x04), signature]).toString('base64')
}

describe('sesSmtpPassword', () => {
  it.each(['us-east-1', 'eu-west-1', 'ap-southeast-2'])(
    "is that of AWS's published algorithm, for %s",
    async (region) => {
      const { secretAccessKey } = exampleKey
      const password = await sesSmtpPassword({ secretAccessKey, region })
      expect(password).toBe(published(secretAccessKey, region))
      expect(password).toHaveLength(44)
    },
  )

  it.each([
    ['invalid-credentials', { secretAccessKey: '' }],
    ['invalid-credentials', { secretAccessKey: undefined }],
    ['invalid-scope', { region: '' }],
    ['invalid-scope', { region: undefined }],
  ])('refuses with %s what is missing: %o', async (code, more) => {
    const options = { secretAccessKey: 'secret', region: 'eu-west-1', ...more }
    await expect(sesSmtpPassword(options as never)).rejects.toMatchObject({ code })
  })
})
