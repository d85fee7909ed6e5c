/** An error that a service answers with. */
export interface ServiceError extends Error {
  readonly status: number
  readonly code: string
}

/** Makes an error that a service answers with, to be thrown. */
export const serviceError = (status: number, code: string, message: string): ServiceError =>
  Object.assign(new Error(message), { name: 'ServiceError', status, code })
