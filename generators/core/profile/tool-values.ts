import type { AllowedValue } from './declaration.ts';
import { NONE } from './values.ts';

/** A warehouse computes elsewhere; an engine is a cluster of one's own to look after. The two score differently. */
export const WAREHOUSES: readonly AllowedValue[] = [
  { value: 'snowflake', label: 'Snowflake' },
  { value: 'bigquery', label: 'BigQuery', aliases: ['google_bigquery', 'bq'] },
  { value: 'redshift', label: 'Redshift' },
  { value: 'synapse', label: 'Synapse' },
  { value: 'hive', label: 'Hive', aliases: ['apache_hive'] },
  { value: 'dbt', label: 'dbt' },
];

const ENGINES: readonly AllowedValue[] = [
  { value: 'spark', label: 'Spark', aliases: ['apache_spark', 'pyspark'] },
  { value: 'hadoop', label: 'Hadoop', aliases: ['apache_hadoop', 'mapreduce'] },
  { value: 'hdfs', label: 'HDFS' },
  { value: 'yarn', label: 'YARN' },
  { value: 'kafka', label: 'Kafka', aliases: ['apache_kafka', 'confluent'] },
  { value: 'flink', label: 'Flink', aliases: ['apache_flink'] },
  { value: 'databricks', label: 'Databricks' },
  { value: 'emr', label: 'EMR', aliases: ['amazon_emr'] },
  { value: 'dataproc', label: 'Dataproc' },
  { value: 'beam', label: 'Beam', aliases: ['apache_beam', 'dataflow'] },
  { value: 'trino', label: 'Trino', aliases: ['presto'] },
  { value: 'cassandra', label: 'Cassandra' },
  { value: 'samza', label: 'Samza' },
  { value: 'pinot', label: 'Pinot' },
  { value: 'druid', label: 'Druid' },
  { value: 'clickhouse', label: 'ClickHouse' },
  { value: 'delta', label: 'Delta Lake', aliases: ['delta_lake'] },
  { value: 'iceberg', label: 'Iceberg', aliases: ['apache_iceberg'] },
  { value: 'kinesis', label: 'Kinesis' },
  { value: 'ray', label: 'Ray' },
  { value: 'dask', label: 'Dask' },
];

export const BIG_DATA_TOOLS: readonly AllowedValue[] = [...ENGINES, ...WAREHOUSES];

export const FRAMEWORKS: readonly AllowedValue[] = [
  { value: 'scikit-learn', label: 'scikit-learn', aliases: ['sklearn', 'scikit'] },
  { value: 'xgboost', label: 'XGBoost' },
  { value: 'lightgbm', label: 'LightGBM', aliases: ['lgbm'] },
  { value: 'catboost', label: 'CatBoost' },
  { value: 'statsmodels', label: 'statsmodels' },
  { value: 'prophet', label: 'Prophet' },
  { value: 'r', label: 'R', aliases: ['rstats', 'tidymodels', 'caret'] },
  { value: 'pytorch', label: 'PyTorch', aliases: ['torch', 'pytorch_lightning', 'lightning'] },
  { value: 'tensorflow', label: 'TensorFlow', aliases: ['tf', 'keras'] },
  { value: 'jax', label: 'JAX', aliases: ['flax'] },
  { value: 'spark-mllib', label: 'Spark MLlib', aliases: ['mllib', 'spark_ml', 'sparkml', 'pyspark.ml'] },
  { value: 'transformers', label: 'Transformers', aliases: ['huggingface', 'hugging_face', 'hf'] },
  { value: 'spacy', label: 'spaCy' },
  { value: 'vllm', label: 'vLLM' },
  { value: 'openai', label: 'OpenAI API', aliases: ['gpt', 'chatgpt'] },
  { value: 'anthropic', label: 'Anthropic API' },
  { value: 'langchain', label: 'LangChain', aliases: ['langgraph'] },
];

export const ORCHESTRATORS: readonly AllowedValue[] = [
  NONE,
  { value: 'cron', label: 'cron', aliases: ['crontab', 'scheduler'] },
  { value: 'airflow', label: 'Airflow', aliases: ['apache_airflow', 'mwaa', 'composer'] },
  { value: 'dagster', label: 'Dagster' },
  { value: 'prefect', label: 'Prefect' },
  { value: 'kubeflow', label: 'Kubeflow', aliases: ['kfp', 'vertex_pipelines'] },
  { value: 'argo', label: 'Argo Workflows', aliases: ['argo_workflows'] },
  { value: 'flyte', label: 'Flyte' },
  { value: 'metaflow', label: 'Metaflow' },
  { value: 'kubernetes', label: 'Kubernetes jobs', aliases: ['k8s'] },
  {
    value: 'step-functions',
    label: 'Step Functions',
    aliases: ['aws_step_functions', 'sagemaker_pipelines'],
  },
  { value: 'databricks', label: 'Databricks jobs', aliases: ['databricks_workflows'] },
];

export const REGISTRIES: readonly AllowedValue[] = [
  NONE,
  { value: 'mlflow', label: 'MLflow' },
  { value: 'wandb', label: 'Weights & Biases', aliases: ['weights_and_biases', 'weights & biases'] },
  { value: 'neptune', label: 'Neptune' },
  { value: 'comet', label: 'Comet' },
  { value: 'sagemaker', label: 'SageMaker' },
  { value: 'vertex', label: 'Vertex AI', aliases: ['vertex_ai'] },
  { value: 'azureml', label: 'Azure ML', aliases: ['azure_ml'] },
  { value: 'databricks', label: 'Databricks / Unity Catalog', aliases: ['unity_catalog'] },
  { value: 'dvc', label: 'DVC' },
  { value: 'custom', label: 'our own', aliases: ['own', 'in-house', 'homegrown'] },
];
