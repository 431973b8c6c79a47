/** What a package or a module says: a value of a fact. */
export interface Tool {
  readonly key: string;
  readonly value: string;
  /** Weak: many have it installed without the fact being true of them. */
  readonly isWeak?: boolean;
  readonly isHalf?: boolean | undefined;
}

interface Row extends Tool {
  /** Names in the Python package index, normalised; `*` at the end stands for any rest. */
  readonly packages: string;
  /** Names that Python code imports. */
  readonly modules: string;
}

function framework(value: string, packages: string, modules: string): Row {
  return { key: 'frameworks', value, packages, modules };
}

function bigData(value: string, packages: string, modules: string): Row {
  return { key: 'big_data_tools', value, packages, modules };
}

function stream(packages: string, modules: string): Row {
  return { key: 'data_velocity', value: 'streaming', packages, modules };
}

function orchestration(value: string, packages: string, modules: string): Row {
  return { key: 'orchestration', value, packages, modules };
}

function registry(value: string, packages: string, modules: string): Row {
  return { key: 'registry', value, packages, modules };
}

function cloud(value: string, packages: string, modules: string): Row {
  return { key: 'cloud', value, packages, modules };
}

function monitoring(packages: string, modules: string): Row {
  return { key: 'monitoring', value: 'partial', packages, modules };
}

function weak(row: Row): Row {
  return { ...row, isWeak: true };
}

function half(row: Row): Row {
  return { ...row, isHalf: true };
}

const KAFKA = 'confluent-kafka kafka-python kafka-python-ng aiokafka faust faust-streaming';

const ROWS: readonly Row[] = [
  framework('scikit-learn', 'scikit-learn sklearn scikit-learn-intelex', 'sklearn'),
  framework('xgboost', 'xgboost xgboost-cpu', 'xgboost'),
  framework('lightgbm', 'lightgbm', 'lightgbm'),
  framework('catboost', 'catboost', 'catboost'),
  framework('statsmodels', 'statsmodels', 'statsmodels'),
  framework('prophet', 'prophet fbprophet', 'prophet fbprophet'),
  framework(
    'pytorch',
    'torch pytorch torchvision pytorch-lightning lightning',
    'torch torchvision pytorch_lightning lightning',
  ),
  framework(
    'tensorflow',
    'tensorflow tensorflow-cpu tensorflow-gpu keras tf-keras',
    'tensorflow keras tf_keras',
  ),
  framework('jax', 'jax jaxlib flax', 'jax flax'),
  framework('transformers', 'transformers sentence-transformers', 'transformers sentence_transformers'),
  framework('spacy', 'spacy', 'spacy'),
  framework('vllm', 'vllm', 'vllm'),
  framework('openai', 'openai', 'openai'),
  framework('anthropic', 'anthropic', 'anthropic'),
  framework(
    'langchain',
    'langchain langchain-* langgraph langgraph-*',
    'langchain langchain_core langchain_community langchain_openai langgraph',
  ),
  framework('spark-mllib', 'synapseml', 'pyspark.ml pyspark.mllib'),
  bigData('spark', 'pyspark sparkmagic', 'pyspark'),
  bigData(
    'databricks',
    'databricks-connect databricks-sdk databricks-cli databricks-feature-engineering',
    'databricks',
  ),
  bigData('kafka', KAFKA, 'confluent_kafka kafka aiokafka faust'),
  bigData('flink', 'apache-flink', 'pyflink'),
  bigData('beam', 'apache-beam', 'apache_beam'),
  bigData('delta', 'delta-spark', 'delta'),
  bigData('iceberg', 'pyiceberg', 'pyiceberg'),
  bigData('trino', 'trino presto-python-client', 'trino prestodb'),
  bigData('cassandra', 'cassandra-driver', 'cassandra'),
  bigData('clickhouse', 'clickhouse-driver clickhouse-connect', 'clickhouse_driver clickhouse_connect'),
  bigData('hive', 'pyhive', 'pyhive'),
  bigData('hdfs', 'hdfs hdfs3', 'hdfs hdfs3'),
  bigData(
    'snowflake',
    'snowflake-connector-python snowflake-snowpark-python snowflake-sqlalchemy',
    'snowflake',
  ),
  bigData(
    'bigquery',
    'google-cloud-bigquery pandas-gbq sqlalchemy-bigquery',
    'google.cloud.bigquery pandas_gbq',
  ),
  bigData('redshift', 'redshift-connector sqlalchemy-redshift', 'redshift_connector'),
  bigData('dbt', 'dbt-core dbt-*', 'dbt'),
  half(bigData('ray', 'ray', 'ray')),
  half(bigData('dask', 'dask dask-ml distributed', 'dask')),
  stream(KAFKA, 'confluent_kafka kafka aiokafka faust'),
  stream(
    'apache-flink google-cloud-pubsub amazon-kclpy',
    'pyflink google.cloud.pubsub google.cloud.pubsub_v1',
  ),
  orchestration('airflow', 'apache-airflow apache-airflow-* astronomer-cosmos', 'airflow'),
  orchestration('dagster', 'dagster dagster-*', 'dagster'),
  orchestration('prefect', 'prefect prefect-*', 'prefect'),
  orchestration('kubeflow', 'kfp', 'kfp'),
  orchestration('flyte', 'flytekit', 'flytekit'),
  orchestration('metaflow', 'metaflow', 'metaflow'),
  orchestration('argo', 'hera hera-workflows', 'hera'),
  registry('mlflow', 'mlflow mlflow-skinny', 'mlflow'),
  registry('wandb', 'wandb', 'wandb'),
  registry('neptune', 'neptune neptune-client', 'neptune'),
  registry('comet', 'comet-ml', 'comet_ml'),
  registry('azureml', 'azure-ai-ml azureml-*', 'azureml azure.ai.ml'),
  registry('dvc', 'dvc dvc-* dvclive', 'dvclive'),
  weak(registry('vertex', 'google-cloud-aiplatform', 'google.cloud.aiplatform')),
  cloud('aws', 'sagemaker sagemaker-*', 'sagemaker'),
  weak(cloud('aws', 'boto3 aiobotocore s3fs awscli awswrangler', 'boto3 s3fs awswrangler')),
  weak(cloud('gcp', 'google-cloud-* gcsfs', 'google.cloud gcsfs')),
  weak(cloud('azure', 'azure-* azureml-* adlfs', 'azure azureml adlfs')),
  monitoring('evidently nannyml whylogs alibi-detect', 'evidently nannyml whylogs alibi_detect'),
  weak(
    monitoring(
      'prometheus-client prometheus-fastapi-instrumentator sentry-sdk',
      'prometheus_client sentry_sdk',
    ),
  ),
];

const EXACT = indexed(({ packages }) => words(packages).filter((name) => !name.endsWith('*')));
const PREFIXES = indexed(({ packages }) =>
  words(packages)
    .filter((name) => name.endsWith('*'))
    .map((name) => name.slice(0, -1)),
);
const MODULES = indexed(({ modules }) => words(modules));

/** What a Python package says, by its name in any spelling; nothing for one that says nothing. */
export function toolsOfPackage(name: string): readonly Tool[] {
  const normal = name.toLowerCase().replace(/[-_.]+/g, '-');
  const byPrefix = [...PREFIXES]
    .filter(([prefix]) => normal.startsWith(prefix))
    .flatMap(([, tools]) => tools);
  return [...(EXACT.get(normal) ?? []), ...byPrefix];
}

/** What an imported module says: `pyspark.ml.feature` is found by itself and by each name above it. */
export function toolsOfModule(module: string): readonly Tool[] {
  const parts = module.split('.').slice(0, 4);
  return parts.flatMap((_, index) => MODULES.get(parts.slice(0, index + 1).join('.')) ?? []);
}

function indexed(namesOf: (row: Row) => readonly string[]): ReadonlyMap<string, readonly Tool[]> {
  const index = new Map<string, Tool[]>();
  for (const row of ROWS) for (const name of namesOf(row)) index.set(name, [...(index.get(name) ?? []), row]);
  return index;
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

/** Every value that a package can give, for the test that compares them with the questions. */
export const TOOLS: readonly Tool[] = ROWS;
