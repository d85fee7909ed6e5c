import { createSigner } from 'countersign'
import { exampleKey } from '../support/example-key.ts'
import type { Place, Stage } from './situation.ts'

/** A session's key, of which situations choose the token. */
export const credentials = { ...exampleKey, accessKeyId: 'ASIAEXAMPLE' }

/** What a situation acts with, in whatever runtime has it. */
export const stageAt = (place: Place): Stage => ({
  ...place,
  createSigner,
  credentials,
  signer: (options) =>
    createSigner({ service: 'execute-api', region: 'us-east-1', credentials, ...options }),
})
