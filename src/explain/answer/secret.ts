import type { SigningCredentials } from '../../model/types.ts'
import { type Diagnosis, oneFault } from '../diagnosis.ts'
import type { MismatchCause } from '../types.ts'

/** What is wrong with a secret by its looks, where all that was signed is alike. */
export function causeOfSecret(key: SigningCredentials): MismatchCause {
  if (!('secretAccessKey' in key)) return 'wrong-secret'
  const { accessKeyId, secretAccessKey: secret } = key
  if (secret === accessKeyId || /^A[KS]IA[A-Z\d]{12,}$/.test(secret.trim())) return 'secret-swapped'
  if (/^\s|\s$|^["']|["']$/.test(secret)) return 'secret-blanks'
  return /%[\da-f]{2}/i.test(secret) ? 'secret-encoded' : 'wrong-secret'
}

/** The fault of a request that is right here and wrong to the server: its secret, by its looks or by nothing else. */
export function faultOfSecret(key: SigningCredentials): Diagnosis {
  const cause = causeOfSecret(key)
  const detail = 'the signature is that of the request and secret that are at hand'
  return oneFault(cause, detail, cause === 'wrong-secret' ? 'likely' : 'certain')
}
