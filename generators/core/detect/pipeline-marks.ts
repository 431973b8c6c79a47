import type { Mark } from './marks.ts';

const YAML = /\.ya?ml(\.j2|\.tmpl)?$/;
const PYTHON = /\.py$/;

/**
 * Pipelines, schedules, accelerators and alerts that have files of their own kind. Airflow, Dagster and the other
 * libraries are seen by their packages too.
 */
export const PIPELINE_MARKS: readonly Mark[] = [
  {
    files: PYTHON,
    pattern: /^[ \t]*(?:with[ \t]+|\w+[ \t]*=[ \t]*|@)(?:DAG|dag)\(/m,
    beside: /\bairflow\b/,
    values: [
      ['orchestration', 'airflow'],
      ['data_velocity', 'batch'],
    ],
    says: 'an Airflow DAG is defined',
  },
  {
    files: YAML,
    pattern: /^apiVersion:[ \t]*argoproj\.io[^\n]*\n(?:[^\n]*\n)?kind:[ \t]*(?:Cron)?Workflow/m,
    values: [['orchestration', 'argo']],
    says: 'an Argo workflow is defined',
  },
  {
    files: YAML,
    pattern: /^[ \t]*kind:[ \t]*["']?(?:Scheduled)?SparkApplication\b/m,
    values: [['big_data_tools', 'spark']],
    says: 'a Spark application runs on Kubernetes',
  },
  {
    files: YAML,
    pattern: /^[ \t]*kind:[ \t]*["']?FlinkDeployment\b/m,
    values: [
      ['big_data_tools', 'flink'],
      ['data_velocity', 'streaming'],
    ],
    says: 'Flink runs on Kubernetes',
  },
  {
    files: YAML,
    pattern: /^[ \t]*apiVersion:[ \t]*kafka\.strimzi\.io/m,
    values: [
      ['big_data_tools', 'kafka'],
      ['data_velocity', 'streaming'],
    ],
    says: 'Kafka runs on Kubernetes',
  },
  {
    files: YAML,
    pattern: /^[ \t]*kind:[ \t]*["']?Ray(?:Cluster|Job|Service)\b/m,
    values: [['big_data_tools', 'ray']],
    says: 'a Ray cluster runs on Kubernetes',
  },
  {
    files: YAML,
    pattern: /^[ \t]*kind:[ \t]*["']?CronJob\b/m,
    values: [
      ['orchestration', 'kubernetes'],
      ['data_velocity', 'batch', 'weak'],
    ],
    says: 'a Kubernetes CronJob is defined',
  },
  {
    files: YAML,
    pattern: /^[ \t]+quartz_cron_expression:/m,
    values: [
      ['orchestration', 'databricks'],
      ['data_velocity', 'batch'],
    ],
    says: 'a Databricks job has a schedule',
  },
  {
    files: /(^|\/)databricks\.ya?ml$/,
    pattern: /^(bundle|targets):/m,
    values: [
      ['big_data_tools', 'databricks'],
      ['orchestration', 'databricks', 'weak'],
    ],
    says: 'a Databricks bundle is defined',
  },
  {
    files: /(^|\/)(crontab|[^/]+\.cron|crontab\.[^/]+)$/,
    pattern: /^[ \t]*(?:@(?:daily|hourly|weekly)|(?:[\d*/,-]+[ \t]+){5})\S/m,
    values: [
      ['orchestration', 'cron'],
      ['data_velocity', 'batch', 'weak'],
    ],
    says: 'a crontab line starts a job',
  },
  {
    files: /(^|\/)dbt_project\.ya?ml$/,
    pattern: /^(name|profile|version):/m,
    values: [
      ['big_data_tools', 'dbt'],
      ['data_velocity', 'batch', 'weak'],
    ],
    says: 'a dbt project is defined',
  },
  // Stages say how a model is made again, not what starts them: so nothing about orchestration.
  {
    files: /(^|\/)dvc\.ya?ml$/,
    pattern: /^stages:/m,
    values: [['registry', 'dvc', 'weak']],
    says: 'DVC stages are defined',
  },
  {
    files: /(^|\/)MLproject$/,
    pattern: /^(name|entry_points):/m,
    values: [['registry', 'mlflow']],
    says: 'an MLflow project is defined',
  },
  {
    files: YAML,
    pattern: /^[ \t]*["']?nvidia\.com\/gpu["']?:[ \t]*["']?(?:[2-9]|\d\d)/m,
    values: [['accelerators', 'multi_gpu']],
    says: 'Kubernetes is asked for several GPUs',
  },
  {
    files: YAML,
    pattern: /^[ \t]*["']?nvidia\.com\/gpu["']?:[ \t]*["']?1\b/m,
    values: [['accelerators', 'gpu']],
    says: 'Kubernetes is asked for a GPU',
  },
  {
    files: YAML,
    pattern: /google\.com\/tpu/,
    values: [['accelerators', 'tpu']],
    says: 'Kubernetes is asked for a TPU',
  },
  {
    files: PYTHON,
    pattern: /\b(DistributedDataParallel|init_process_group|MirroredStrategy)\b/,
    values: [['accelerators', 'multi_gpu', 'weak']],
    says: 'the code can train on several GPUs',
  },
  {
    files: YAML,
    pattern: /^[ \t]*-[ \t]*alert:[ \t]*\w/m,
    values: [['monitoring', 'partial']],
    says: 'an alert is defined',
  },
];
