export type { Algorithm, SigningKey } from '../types.ts'
