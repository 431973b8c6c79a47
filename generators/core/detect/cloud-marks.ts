import type { Mark } from './marks.ts';

const TERRAFORM = /\.tf$/;
const WORKFLOW =
  /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$|(^|\/)\.gitlab-ci\.yml$|azure-pipelines[^/]*\.ya?ml$/;
const CODE = /\.(py|ipynb|ya?ml|toml|cfg|ini|json|scala|sh)$|(^|\/)\.dvc\/config$/;

function terraform(prefixes: string, values: Mark['values'], what: string): Mark {
  const pattern = new RegExp(`^[ \\t]*resource[ \\t]+"(${prefixes})`, 'm');
  return { files: TERRAFORM, pattern, values, says: `Terraform sets up ${what}` };
}

function provider(name: string, value: string, what: string): Mark {
  const pattern = new RegExp(`^[ \\t]*(?:provider|resource)[ \\t]+"${name}[_"]`, 'm');
  return { files: TERRAFORM, pattern, values: [['cloud', value]], says: `Terraform sets up ${what}` };
}

function login(pattern: RegExp, value: string, what: string): Mark {
  return { files: WORKFLOW, pattern, values: [['cloud', value]], says: `a workflow logs in to ${what}` };
}

/** An address in the code says where data may be, not where servers run. */
function address(pattern: RegExp, value: string): Mark {
  return {
    files: CODE,
    pattern,
    values: [['cloud', value, 'weak']],
    says: 'an address of its storage is named',
  };
}

/** Clouds, and what is set up in them: Terraform, logins of workflows, addresses of storage. */
export const CLOUD_MARKS: readonly Mark[] = [
  provider('aws', 'aws', 'AWS'),
  provider('google', 'gcp', 'Google Cloud'),
  provider('azurerm', 'azure', 'Azure'),
  terraform('databricks_', [['big_data_tools', 'databricks']], 'Databricks'),
  terraform('aws_emr', [['big_data_tools', 'emr']], 'EMR'),
  terraform('google_dataproc', [['big_data_tools', 'dataproc']], 'Dataproc'),
  terraform('aws_msk|confluent_kafka', [['big_data_tools', 'kafka']], 'Kafka'),
  terraform(
    'aws_kinesis|aws_msk|google_pubsub|azurerm_eventhub',
    [['data_velocity', 'streaming']],
    'a stream',
  ),
  terraform('aws_redshift', [['big_data_tools', 'redshift']], 'Redshift'),
  terraform('google_bigquery', [['big_data_tools', 'bigquery']], 'BigQuery'),
  terraform('snowflake_', [['big_data_tools', 'snowflake']], 'Snowflake'),
  terraform('aws_sfn_state_machine', [['orchestration', 'step-functions']], 'Step Functions'),
  login(/aws-actions\/configure-aws-credentials/, 'aws', 'AWS'),
  login(/google-github-actions\/auth/, 'gcp', 'Google Cloud'),
  login(/azure\/login@|AzureCLI@|azureSubscription:/i, 'azure', 'Azure'),
  address(/\bs3a?:\/\/[a-z0-9]/, 'aws'),
  address(/\bgs:\/\/[a-z0-9]/, 'gcp'),
  address(/\babfss?:\/\/[a-z0-9]|\.blob\.core\.windows\.net/, 'azure'),
];
