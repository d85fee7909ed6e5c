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
