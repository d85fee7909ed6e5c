import { fromEnv as theirs } from '@aws-sdk/credential-providers'
import { fromEnv } from 'countersign/credentials'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Home, makeHome, outcomeOf, refusalOf } from './world.ts'

let home: Home
beforeEach(() => {
  home = makeHome()
})
afterEach(() => home.remove())

const key = { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'secret' }

describe('the environment', () => {
  it.each([
    [key],
    [{ ...key, AWS_SESSION_TOKEN: 'a/b==' }],
    [{ ...key, AWS_CREDENTIAL_EXPIRATION: '2030-01-02T03:04:05Z' }],
    [{ ...key, AWS_CREDENTIAL_SCOPE: 'us-iso', AWS_ACCOUNT_ID: '123456789012' }],
    [
      {
        ...key,
        AWS_SESSION_TOKEN: '',
        AWS_CREDENTIAL_EXPIRATION: '',
        AWS_CREDENTIAL_SCOPE: '',
        AWS_ACCOUNT_ID: '',
      },
    ],
  ])('is read as the SDK reads it: %j', async (variables) => {
    home.set(variables)
    const mine = fromEnv()()
    // The SDK notes for its own requests where a key is from.
    const { $source, ...given } = (await theirs()()) as object & { $source?: unknown }
    expect($source).toBeDefined()
    expect(Object.entries(mine)).toEqual(Object.entries(given))
    expect(mine).toMatchObject({ accessKeyId: 'AKIDENV', secretAccessKey: 'secret' })
  })

  it.each([
    [{}, 'AWS_ACCESS_KEY_ID'],
    [{ AWS_ACCESS_KEY_ID: 'AKIDENV' }, 'AWS_SECRET_ACCESS_KEY'],
    [{ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: '' }, 'AWS_SECRET_ACCESS_KEY'],
    [{ AWS_SECRET_ACCESS_KEY: 'secret', AWS_ACCOUNT_ID: '123456789012' }, 'AWS_ACCESS_KEY_ID'],
  ])('is refused by both, with what is missing: %j', async (variables, name) => {
    home.set(variables as Record<string, string>)
    expect(await outcomeOf(theirs())).toBe('refused')
    expect(await refusalOf(fromEnv())).toMatchObject({
      code: 'invalid-credentials',
      message: `invalid-credentials: pass ${name}.`,
    })
  })
})
