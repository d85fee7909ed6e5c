/** What no client has rules for today, and what is signed all the same. */

/**
 * Names of data planes, which are told with each resource, and of AWS's older times, by the signing
 * name that the service's documentation has.
 */
export const DATA_PLANES: Readonly<Record<string, string>> = {
  'aps-workspaces': 'aps',
  'appsync-api': 'appsync',
  'appsync-realtime-api': 'appsync',
  'git-codecommit': 'codecommit',
  'greengrass-ats.iot': 'greengrass',
  'jobs.iot': 'iot-jobs-data',
  'lambda-url': 'lambda',
  neptune: 'neptune-db',
  queue: 'sqs',
  's3-external-1': 's3',
  'vpc-lattice-svcs': 'vpc-lattice-svcs',
}

/** Services that AWS has ended, as botocore 1.29 signed for them. */
export const RETIRED: Readonly<Record<string, string>> = {
  a4b: 'a4b',
  'api.fleethub.iot': 'iotfleethub',
  backupstorage: 'backup-storage',
  codestar: 'codestar',
  'elastic-inference': 'elastic-inference',
  elastictranscoder: 'elastictranscoder',
  evidently: 'evidently',
  gamesparks: 'gamesparks',
  honeycode: 'honeycode',
  iot1click: 'iot1click',
  iotanalytics: 'iotanalytics',
  iotroborunner: 'iotroborunner',
  lookoutmetrics: 'lookoutmetrics',
  lookoutvision: 'lookoutvision',
  macie: 'macie',
  mobile: 'AWSMobileHubService',
  nimble: 'nimble',
  opsworks: 'opsworks',
  'opsworks-cm': 'opsworks-cm',
  'private-networks': 'private-networks',
  qldb: 'qldb',
  robomaker: 'robomaker',
  sms: 'sms',
  worklink: 'worklink',
}

/** Labels of services that take tokens and no signature. */
export const UNSIGNED: readonly string[] = ['codecatalyst']

/** Old names whose region every client knows. */
export const FIRST: readonly (readonly [place: string, region: ReadonlySet<string>])[] = [
  ['aws s3-external-1', new Set(['us-east-1'])],
]
