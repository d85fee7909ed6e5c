import { formatParameters } from '../canonical/parameters.ts'
import { hostOf } from './host-token.ts'
import { presigned } from './presigned.ts'
import type { TokenOptions } from './types.ts'

/** Who speaks MQTT, and to which endpoint. */
export interface IotWebSocketUrlOptions extends TokenOptions {
  /** Name of the account's endpoint: `a1b2c3-ats.iot.eu-west-1.amazonaws.com`. */
  host: string
}

/** The address of a WebSocket, and until when it opens one. */
export interface IotWebSocketUrl {
  /** `wss://…/mqtt?…`: a key to the endpoint, to be kept out of logs. */
  readonly url: string
  /** The earlier of 15 minutes from the signature and the credentials' own end. */
  readonly expiresAt: Date
}

/**
 * The URL at which AWS IoT Core speaks MQTT over a WebSocket, with no `X-Amz-Expires` and the session
 * token behind the signature, as IoT wants them. What `aws-iot-device-sdk` makes.
 *
 * @throws CountersignError as `rdsToken`
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html
 * @example
 * const host = 'a1b2c3-ats.iot.eu-west-1.amazonaws.com'
 * const { url } = await iotWebSocketUrl({ host, region: 'eu-west-1', credentials })
 */
export async function iotWebSocketUrl(options: IotWebSocketUrlOptions): Promise<IotWebSocketUrl> {
  let appended = ''
  const { url, expiresAt } = await presigned(
    { url: `wss://${hostOf(options.host)}/mqtt` },
    {
      ...options,
      service: 'iotdevicegateway',
      expiresIn: 900,
      parameters: (...told) => {
        const parameters = formatParameters(...told)
        appended = ['', ...parameters.slice(4)].join('&')
        return parameters.slice(0, 3)
      },
    },
  )
  return { url: url + appended, expiresAt }
}
