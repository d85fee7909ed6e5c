/** The access key of AWS's documentation and of its signing test suite. */
export const exampleKey = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

/** A session of it, with a token that no URL and no form takes as it is. */
export const exampleSession = {
  ...exampleKey,
  accessKeyId: 'ASIAEXAMPLE',
  sessionToken: 'a/token+of==',
}
