import type { Credentials } from 'countersign'

/** Stands for the table that a real server keeps: AWS's example key. */
export const keys: ReadonlyMap<string, Credentials> = new Map([
  [
    'AKIDEXAMPLE',
    {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    },
  ],
])

/** Looks a key up, for a verifier. */
export const credentials = (accessKeyId: string): Credentials | undefined => keys.get(accessKeyId)
