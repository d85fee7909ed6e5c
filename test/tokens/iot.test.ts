import { createRequire } from 'node:module'
import { iotWebSocketUrl } from 'countersign/tokens'
import { describe, expect, it } from 'vitest'
import { KEYS, region, stopClock } from './common.ts'

const { prepareWebSocketUrl } = createRequire(import.meta.url)('aws-iot-device-sdk/device') as {
  prepareWebSocketUrl(
    options: { host: string; region: string; port?: number },
    accessKeyId: string,
    secretAccessKey: string,
    sessionToken?: string,
  ): string
}

stopClock()

describe.each(KEYS)('iotWebSocketUrl with %s', (_, credentials) => {
  const { accessKeyId, secretAccessKey } = credentials
  const sessionToken = 'sessionToken' in credentials ? credentials.sessionToken : undefined

  it.each([undefined, 443, 8443])('at port %s is what aws-iot-device-sdk makes', async (port) => {
    const host = 'a1b2c3-ats.iot.eu-west-1.amazonaws.com'
    const official = prepareWebSocketUrl(
      { host, region, ...(port && { port }) },
      ...([accessKeyId, secretAccessKey, sessionToken] as const),
    )
    const own = { host: port ? `${host}:${port}` : host, region, credentials }
    const { url, expiresAt } = await iotWebSocketUrl(own)
    expect(url).toBe(official)
    expect(expiresAt).toEqual(new Date('2026-03-04T05:21:07Z'))
  })
})
