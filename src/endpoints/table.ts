// Made by `npm run endpoints` of AWS's endpoint rules, as @distilled.cloud/aws has them.

/** DNS suffixes of the partitions other than amazonaws.com's, by what their regions begin with. */
export const DNS_SUFFIXES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  cn: 'amazonaws.com.cn',
  'us-iso': 'c2s.ic.gov',
  'us-isob': 'sc2s.sgov.gov',
  'eu-isoe': 'cloud.adc-e.uk',
  'us-isof': 'csp.hci.ic.gov',
  'eusc-de': 'amazonaws.eu',
}

/** The DNS suffix of a partition, by the one of its dual-stack names. */
export const DUAL_STACK_SUFFIXES: Readonly<Record<string, string>> = {
  'api.aws': 'amazonaws.com',
  'api.amazonwebservices.com.cn': 'amazonaws.com.cn',
  'api.aws.ic.gov': 'c2s.ic.gov',
  'api.aws.scloud': 'sc2s.sgov.gov',
  'api.cloud-aws.adc-e.uk': 'cloud.adc-e.uk',
  'api.aws.hci.ic.gov': 'csp.hci.ic.gov',
  'api.amazonwebservices.eu': 'amazonaws.eu',
  'on.aws': 'amazonaws.com',
}

/** The form of the regions of all partitions. */
export const REGION: RegExp =
  /^(?:(us|eu|ap|sa|ca|me|af|il|mx)|us-gov|cn|us-iso|us-isob|eu-isoe|us-isof|eusc-(de))-\w+-\d+$/

/** Labels of services that have one region in their partition, by that region. */
export const GLOBAL_SERVICES: Readonly<Record<string, string>> = {
  'us-east-1':
    ' account artifact bcm-dashboards bcm-data-exports bcm-pricing-calculator' +
    ' bcm-recommended-actions billing billingconductor budgets ce chime cloudfront freetier iam' +
    ' invoicing notifications-contacts organizations partnercentral-channel route53 savingsplans' +
    ' shield support sustainability tax waf ',
  'us-west-2': ' networkmanager route53-recovery-control-config ',
  'cn-northwest-1':
    ' account artifact bcm-dashboards bcm-data-exports bcm-pricing-calculator' +
    ' bcm-recommended-actions billing budgets ce cloudfront invoicing networkmanager' +
    ' notifications-contacts organizations partnercentral-channel route53' +
    ' route53-recovery-control-config sustainability tax ',
  'cn-north-1': ' iam support ',
  'eusc-de-east-1': ' cloudfront partnercentral-channel route53 sustainability ',
  'us-iso-east-1':
    ' account artifact bcm-dashboards bcm-data-exports bcm-pricing-calculator' +
    ' bcm-recommended-actions billing budgets ce cloudfront iam invoicing networkmanager' +
    ' notifications-contacts organizations partnercentral-channel route53' +
    ' route53-recovery-control-config support sustainability tax ',
  'us-isob-east-1': ' budgets cloudfront partnercentral-channel route53 sustainability ',
  'us-isof-south-1':
    ' account artifact bcm-dashboards bcm-data-exports bcm-pricing-calculator' +
    ' bcm-recommended-actions billing budgets ce cloudfront iam invoicing networkmanager' +
    ' notifications-contacts organizations partnercentral-channel route53' +
    ' route53-recovery-control-config sustainability tax ',
  'us-gov-west-1':
    ' account artifact bcm-dashboards bcm-data-exports bcm-pricing-calculator' +
    ' bcm-recommended-actions billing ce iam invoicing networkmanager notifications-contacts' +
    ' organizations partnercentral-channel route53 route53-recovery-control-config support' +
    ' sustainability tax ',
}

/** Labels that mean a region where the name says none, by that region. */
export const FIRST_REGIONS: Readonly<Record<string, string>> = {
  'us-east-1':
    ' budgets cloudfront health iam partnercentral-channel route53 s3 s3-external-1 savingsplans' +
    ' sdb sts sustainability waf ',
  'cn-northwest-1': ' budgets cloudfront health partnercentral-channel route53 sustainability ',
  'eusc-de-east-1': ' budgets cloudfront iam partnercentral-channel route53 sustainability ',
  'us-iso-east-1': ' budgets cloudfront iam partnercentral-channel route53 sustainability ',
  'us-isob-east-1': ' budgets cloudfront iam partnercentral-channel route53 sustainability ',
  'us-isof-south-1': ' budgets cloudfront iam partnercentral-channel route53 sustainability ',
  'us-gov-west-1': ' iam partnercentral-channel route53 sustainability ',
}

/** The signing names of labels that have another. */
export const SIGNING_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  'accesspoint.s3-global': 's3',
  'agreement-marketplace': 'aws-marketplace',
  aos: 'es',
  'api.fleethub.iot': 'iotfleethub',
  'api.iot-tunneling': 'IoTSecuredTunneling',
  'api.tunneling.iot': 'IoTSecuredTunneling',
  appconfigdata: 'appconfig',
  appstream2: 'appstream',
  'appsync-api': 'appsync',
  'appsync-realtime-api': 'appsync',
  'aps-workspaces': 'aps',
  'arc-recovery-control-config': 'route53-recovery-control-config',
  backupstorage: 'backup-storage',
  'bedrock-agent': 'bedrock',
  'bedrock-agent-runtime': 'bedrock',
  'bedrock-agentcore-control': 'bedrock-agentcore',
  'bedrock-data-automation': 'bedrock',
  'bedrock-data-automation-runtime': 'bedrock',
  'bedrock-runtime': 'bedrock',
  'cassandra-streams': 'cassandra',
  'catalog-marketplace': 'aws-marketplace',
  'catalog.marketplace': 'aws-marketplace',
  'cloudfront-kvs': 'cloudfront-keyvaluestore',
  cloudhsmv2: 'cloudhsm',
  cloudsearchdomain: 'cloudsearch',
  'contact-lens': 'connect',
  'control-kinesis': 'kinesis',
  'data-ats.iot': 'iotdata',
  'data-kinesis': 'kinesis',
  'data-signer': 'signer',
  'data.ats.iot': 'iotdata',
  'data.iot': 'iotdata',
  'data.iotevents': 'ioteventsdata',
  ddb: 'dynamodb',
  'deployment-marketplace': 'aws-marketplace',
  'discovery-marketplace': 'aws-marketplace',
  efs: 'elasticfilesystem',
  email: 'ses',
  'entitlement-marketplace': 'aws-marketplace',
  'entitlement.marketplace': 'aws-marketplace',
  forecastquery: 'forecast',
  'git-codecommit': 'codecommit',
  'greengrass-ats.iot': 'greengrass',
  'identity-chime': 'chime',
  ivsrealtime: 'ivs',
  'jobs.iot': 'iot-jobs-data',
  'kafka-api': 'kafka',
  'lambda-url': 'lambda',
  'mail-manager': 'ses',
  'maps.geo': 'geo-maps',
  'media-pipelines-chime': 'chime',
  'meetings-chime': 'chime',
  'memory-db': 'memorydb',
  'messaging-chime': 'chime',
  'metering-marketplace': 'aws-marketplace',
  'metering.marketplace': 'aws-marketplace',
  'migrationhub-config': 'mgh',
  mobile: 'AWSMobileHubService',
  'models-v2-lex': 'lex',
  neptune: 'neptune-db',
  oidc: 'sso-oauth',
  'participant.connect': 'execute-api',
  'personalize-events': 'personalize',
  'personalize-runtime': 'personalize',
  pinpoint: 'mobiletargeting',
  'places.geo': 'geo-places',
  'portal.sso': 'awsssoportal',
  queue: 'sqs',
  'reporting-marketplace': 'aws-marketplace',
  'routes.geo': 'geo-routes',
  'runtime-v2-lex': 'lex',
  's3-accelerate': 's3',
  's3-accesspoint': 's3',
  's3-control': 's3',
  's3-external-1': 's3',
  'servicecatalog-appregistry': 'servicecatalog',
  'sms-voice.pinpoint': 'sms-voice',
  'streams-dynamodb': 'dynamodb',
  'timestream-ingest': 'timestream',
  'timestream-query': 'timestream',
  transcribestreaming: 'transcribe',
  'voice-chime': 'chime',
}

/** Labels that are the signing name too. */
export const SERVICES: string =
  ' a4b access-analyzer account acm acm-pca aco-automation aidevops aiops airflow' +
  ' airflow-serverless amplify amplifybackend amplifyuibuilder aoss apigateway app-integrations' +
  ' appconfig appfabric appflow application-autoscaling application-cost-profiler' +
  ' application-signals applicationinsights appmesh apprunner appsync aps arc-region-switch' +
  ' arc-zonal-shift artifact athena auditmanager autoscaling autoscaling-plans b2bi backup' +
  ' backup-gateway backup-search batch bcm-dashboards bcm-data-exports bcm-pricing-calculator' +
  ' bcm-recommended-actions bedrock bedrock-agentcore billing billingconductor braket budgets' +
  ' cases cassandra ce chatbot chime cleanrooms cleanrooms-ml cloud9 cloudcontrolapi' +
  ' clouddirectory cloudformation cloudfront cloudhsm cloudsearch cloudtrail cloudtrail-data' +
  ' codeartifact codebuild codecommit codeconnections codedeploy codeguru-profiler' +
  ' codeguru-reviewer codeguru-security codepipeline codestar codestar-connections' +
  ' codestar-notifications cognito-identity cognito-idp cognito-sync comprehend' +
  ' comprehendmedical compute-optimizer config connect connect-campaigns controlcatalog' +
  ' controltower cost-optimization-hub cur databrew dataexchange datapipeline datasync datazone' +
  ' dax deadline detective devicefarm devops-guru directconnect discovery dlm dms docdb-elastic' +
  ' drs ds ds-data dsql dynamodb ebs ec2 ec2-instance-connect ecr ecr-public ecs eks eks-auth' +
  ' elastic-inference elasticache elasticbeanstalk elasticfilesystem elasticloadbalancing' +
  ' elasticmapreduce elastictranscoder elemental-inference emr-containers emr-serverless' +
  ' entityresolution es events evidently evs execute-api finspace finspace-api firehose fis fms' +
  ' forecast frauddetector freetier fsx gamelift gameliftstreams gamesparks geo geo-maps' +
  ' geo-places geo-routes glacier globalaccelerator glue grafana greengrass groundstation' +
  ' guardduty health health-agent healthlake honeycode iam identitystore imagebuilder inspector' +
  ' inspector-scan inspector2 interconnect internetmonitor invoicing iot iot1click iotanalytics' +
  ' iotdeviceadvisor iotevents iotfleetwise iotmanagedintegrations iotroborunner iotsitewise' +
  ' iotthingsgraph iottwinmaker iotwireless ivs ivschat kafka kafkaconnect kendra kendra-ranking' +
  ' kinesis kinesisanalytics kinesisvideo kms lakeformation lambda launchwizard lex' +
  ' license-manager license-manager-linux-subscriptions license-manager-user-subscriptions' +
  ' lightsail logs lookoutequipment lookoutmetrics lookoutvision m2 machinelearning macie macie2' +
  ' managedblockchain managedblockchain-query marketplacecommerceanalytics mediaconnect' +
  ' mediaconvert medialive mediapackage mediapackage-vod mediapackagev2 mediastore mediatailor' +
  ' medical-imaging mgh mgn migrationhub-orchestrator migrationhub-strategy monitoring mpa mq' +
  ' mturk-requester neptune-db neptune-graph network-firewall networkflowmonitor networkmanager' +
  ' networkmonitor nimble notifications notifications-contacts nova-act oam observabilityadmin' +
  ' odb omics opsworks opsworks-cm organizations osis outposts panorama partnercentral-account' +
  ' partnercentral-benefits partnercentral-channel partnercentral-selling payment-cryptography' +
  ' pca-connector-ad pca-connector-scep pcs personalize pi pipes polly pricing private-networks' +
  ' profile proton qapps qbusiness qldb quicksight ram rbin rds rds-data redshift redshift-data' +
  ' redshift-serverless refactor-spaces rekognition repostspace resiliencehub' +
  ' resource-explorer-2 resource-groups robomaker rolesanywhere route53 route53-recovery-cluster' +
  ' route53-recovery-control-config route53-recovery-readiness route53domains' +
  ' route53globalresolver route53profiles route53resolver rtbfabric rum s3 s3-object-lambda' +
  ' s3-outposts s3express s3files s3tables s3vectors sagemaker sagemaker-geospatial savingsplans' +
  ' scheduler schemas scn sdb secretsmanager security-ir securityagent securityhub securitylake' +
  ' serverlessrepo servicecatalog servicediscovery servicequotas shield signer signin' +
  ' simspaceweaver sms sms-voice snow-device-management snowball sns social-messaging sqs ssm' +
  ' ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap sso states storagegateway' +
  ' sts support supportapp sustainability swf synthetics tagging tax textract thinclient' +
  ' timestream timestream-influxdb tnb transcribe transfer translate trustedadvisor uxc' +
  ' verifiedpermissions voiceid vpc-lattice vpc-lattice-svcs waf waf-regional wafv2' +
  ' wellarchitected wickr wisdom workdocs worklink workmail workmailmessageflow workspaces' +
  ' workspaces-instances workspaces-web xray '
