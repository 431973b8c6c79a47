import type { AnswerValue } from '../profile/question.ts';
import type { Archetype } from './archetypes.ts';

/** A public organisation with the label that one reader gave it; shown beside a verdict, never used to make it. */
export interface LabelledCase {
  readonly name: string;
  readonly label: Archetype;
  readonly source: string;
  readonly facts: Readonly<Record<string, AnswerValue>>;
}

export const LABELLED_CASES: readonly LabelledCase[] = [
  {
    name: 'AutoTrader (personal project at daliu.github.io)',
    label: 'small-data',
    source: 'https://daliu.github.io/autotrader.html',
    facts: {
      team_size: 1,
      models_in_production: 1800,
      big_data_tools: [],
      org_type: 'hobby',
      data_velocity: 'batch',
    },
  },
  {
    name: 'Q42 / Hack The Planet smart camera trap',
    label: 'small-data',
    source: 'https://engineering.q42.nl/hack-the-poacher/',
    facts: { org_type: 'agency' },
  },
  {
    name: 'Anonymised student-credit startup (unnati_xyz talk)',
    label: 'small-data',
    source: 'https://speakerdeck.com/unnati_xyz/architecture-choices-for-big-and-tiny-data-problems',
    facts: { big_data_tools: [], org_type: 'startup' },
  },
  {
    name: 'Floryn (SME lender, Netherlands)',
    label: 'small-data',
    source:
      'https://floryn.tech/culture/tech/datascience/machine-learning/practices/2022/09/01/the-modern-data-scientist.html',
    facts: { roles_present: ['ds', 'mle'], regulation: ['credit'], org_type: 'startup' },
  },
  {
    name: 'Anonymised wildlife conservation organisation (alliedbiz.tech vendor case)',
    label: 'big-data',
    source: 'https://alliedbiz.tech/case-studies/wildlife-vision-ai',
    facts: { data_volume_gb: 1000, org_type: 'nonprofit', data_velocity: 'mixed' },
  },
  {
    name: 'Coop Switzerland fresh-produce forecasting, before',
    label: 'small-data',
    source:
      'https://cloud.google.com/blog/products/ai-machine-learning/coop-reduces-food-waste-with-google-cloud-ai-and-data-cloud',
    facts: { big_data_tools: [], legacy_systems: true, org_type: 'enterprise' },
  },
  {
    name: 'Clients of consultant Sjoerd de Haan (single-machine approach)',
    label: 'small-data',
    source: 'https://sjoerddehaan.com/tech/single-machine-ml.html',
    facts: { big_data_tools: [], org_type: 'startup' },
  },
  {
    name: 'Anonymised independent ad platform (mentgesinformatica.com.br)',
    label: 'big-data',
    source: 'https://mentgesinformatica.com.br/case-studies/petabyte-ad-platform.html',
    facts: {
      data_volume_gb: 1000000,
      roles_present: ['ds', 'de'],
      big_data_tools: ['hadoop', 'spark', 'emr'],
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Zomato ML Runtime (2021)',
    label: 'hybrid',
    source:
      'https://www.zenml.io/mlops-database/zomato-zomatos-ml-platform-zomato-ml-runtime-platform-with-feature-compute-redisdynamo-feature-store-mlflow-model-store',
    facts: {
      models_in_production: 7,
      roles_present: ['ds', 'mle', 'de', 'devops'],
      big_data_tools: ['kafka', 'flink', 'spark'],
      ci_cd: 'automated',
      org_type: 'scaleup',
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Descartes Labs satellite analytics',
    label: 'big-data',
    source: 'https://www.bestdevops.com/tag/application-pipeline/',
    facts: { data_volume_gb: 10000000, ci_cd: 'automated', org_type: 'startup', data_velocity: 'mixed' },
  },
  {
    name: 'Criteo ML pipeline (2018)',
    label: 'big-data',
    source:
      'https://2018.berlinbuzzwords.de/18/session/5-pb-daily-logs-thousands-ml-models-story-ml-pipeline.html',
    facts: {
      data_volume_gb: 5000000,
      models_in_production: 2000,
      predictions_per_day: 43200000000,
      big_data_tools: ['hdfs', 'yarn', 'spark'],
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Anonymised medical-claims analytics firm (unnati_xyz talk)',
    label: 'big-data',
    source: 'https://speakerdeck.com/unnati_xyz/architecture-choices-for-big-and-tiny-data-problems',
    facts: { regulation: ['hipaa'], data_velocity: 'streaming' },
  },
  {
    name: 'Zillow Data Science and Engineering (2017)',
    label: 'big-data',
    source:
      'https://www.zenml.io/mlops-database/zillow (entry: Apache Airflow on AWS for scalable ETL pipeline authoring, read on https://www.zenml.io/mlops-tags/spark)',
    facts: {
      roles_present: ['ds', 'de'],
      big_data_tools: ['emr', 'spark'],
      ci_cd: 'automated',
      data_velocity: 'batch',
    },
  },
  {
    name: 'Hypefactors media intelligence',
    label: 'hybrid',
    source: 'https://neptune.ai/customers/hypefactors',
    facts: { org_type: 'startup', data_velocity: 'streaming' },
  },
  {
    name: 'GreenSteam (vessel fuel optimisation)',
    label: 'hybrid',
    source: 'https://neptune.ai/blog/mlops-at-greensteam-shipping-machine-learning-case-study',
    facts: { team_size: 3, company_size: 50, ci_cd: 'automated', org_type: 'startup' },
  },
  {
    name: "Coveo e-commerce models ('You do not need a bigger boat')",
    label: 'hybrid',
    source: 'https://arxiv.org/abs/2107.07346',
    facts: { roles_present: ['ds', 'mle'], big_data_tools: ['snowflake'], data_velocity: 'batch' },
  },
  {
    name: 'Lemonade ML platform',
    label: 'hybrid',
    source: 'https://kywch.github.io/cadre/ml/ai/nlp/2022/03/23/reasonable-scale-mlops.html',
    facts: { team_size: 22, regulation: ['insurance'], org_type: 'scaleup' },
  },
  {
    name: 'GetYourGuide Recommendation and Relevance',
    label: 'hybrid',
    source:
      'https://www.zenml.io/mlops-database/getyourguide-getyourguides-ml-platform-cicd-pipeline-foundation-for-an-open-source-ml-platform-reproducible-training-aut',
    facts: {
      roles_present: ['ds', 'mle', 'de'],
      big_data_tools: ['databricks', 'spark'],
      ci_cd: 'automated',
      org_type: 'scaleup',
      data_velocity: 'batch',
    },
  },
  {
    name: 'Wolt ML platform',
    label: 'hybrid',
    source: 'https://careers.wolt.com/en/blog/tech/machine-learning-at-wolt-our-journey-towards-mlops',
    facts: {
      roles_present: ['ds', 'mle', 'devops'],
      ci_cd: 'automated',
      org_type: 'scaleup',
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Stitch Fix Model Envelope',
    label: 'hybrid',
    source:
      'https://www.zenml.io/mlops-database/stitch-fix-stitch-fixs-ml-platform-model-envelope-internal-ml-platform-for-self-service-deployments-with-automated-batch',
    facts: {
      models_in_production: 50,
      roles_present: ['ds', 'devops'],
      big_data_tools: ['spark'],
      ci_cd: 'automated',
    },
  },
  {
    name: 'Kreditech (online lender)',
    label: 'hybrid',
    source: 'https://tobyhobson.com/projects/kreditech',
    facts: { roles_present: ['ds', 'devops'], regulation: ['credit'], org_type: 'scaleup' },
  },
  {
    name: 'Gojek Merlin',
    label: 'hybrid',
    source:
      'https://www.zenml.io/mlops-database/gojek-gojeks-ml-platform-merlin-jupyter-first-ml-model-deployment-platform-on-kubernetes-with-kfserving-mlflow-canary-an',
    facts: { roles_present: ['ds', 'de', 'devops'], ci_cd: 'automated' },
  },
  {
    name: 'Danish Business Authority ML Lab (2019)',
    label: 'hybrid',
    source: 'https://www.slideshare.net/slideshow/graphtalk-copenhagen-fraud-detection-with-graphs/175542067',
    facts: { team_size: 9, legacy_systems: true, regulation: ['public_sector'], org_type: 'public' },
  },
  {
    name: 'Unity Health Toronto Data Science and Advanced Analytics',
    label: 'hybrid',
    source: 'https://posit.co/?p=25611',
    facts: {
      team_size: 30,
      company_size: 11000,
      models_in_production: 50,
      legacy_systems: true,
      regulation: ['health'],
      org_type: 'hospital',
      data_velocity: 'batch',
    },
  },
  {
    name: 'Duke Health Sepsis Watch',
    label: 'hybrid',
    source: 'https://medinform.jmir.org/2020/7/e15182/',
    facts: {
      models_in_production: 1,
      legacy_systems: true,
      regulation: ['health'],
      org_type: 'hospital',
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Molslinjen ferries',
    label: 'hybrid',
    source: 'https://pubsonline.informs.org/doi/10.1287/inte.2024.0177',
    facts: {
      models_in_production: 135,
      big_data_tools: ['databricks'],
      org_type: 'mid',
      data_velocity: 'batch',
    },
  },
  {
    name: 'Anonymised local tech company (r/mlops poster, earlier job)',
    label: 'hybrid',
    source: 'https://redlib.private.coffee/r/mlops',
    facts: { team_size: 10, ci_cd: 'automated' },
  },
  {
    name: 'Cloudflare internal ML platform',
    label: 'hybrid',
    source: 'https://blog.cloudflare.com/mlops/',
    facts: { roles_present: ['ds', 'devops'], ci_cd: 'automated', data_velocity: 'streaming' },
  },
  {
    name: 'ING Bank model factory (2019)',
    label: 'large-scale',
    source: 'https://www.slideshare.net/Hadoop_Summit/model-factory-at-ing-bank',
    facts: {
      company_size: 54000,
      big_data_tools: ['spark', 'hadoop'],
      legacy_systems: true,
      regulation: ['banking', 'gdpr'],
      org_type: 'enterprise',
    },
  },
  {
    name: 'Philips AI ToolSuite',
    label: 'large-scale',
    source:
      'https://aws.amazon.com/blogs/machine-learning/philips-accelerates-development-of-ai-enabled-healthcare-solutions-with-an-mlops-platform-built-on-amazon-sagemaker/',
    facts: { teams_doing_ml: 2, regulation: ['health'], ci_cd: 'automated', org_type: 'enterprise' },
  },
  {
    name: 'BMW Group MLOps solution',
    label: 'large-scale',
    source:
      'https://aws.amazon.com/blogs/industries/accelerating-industrialization-of-machine-learning-at-bmw-group-using-the-machine-learning-operations-mlops-solution/',
    facts: { company_size: 10000, ci_cd: 'automated', org_type: 'enterprise' },
  },
  {
    name: 'Capital One',
    label: 'large-scale',
    source: 'https://www.protocol.com/enterprise/capital-one-mike-eason-data',
    facts: {
      team_size: 1800,
      company_size: 11000,
      big_data_tools: ['snowflake', 'databricks'],
      regulation: ['banking'],
      org_type: 'enterprise',
    },
  },
  {
    name: 'Itaú Unibanco AVI assistant',
    label: 'large-scale',
    source:
      'https://cloud.google.com/blog/products/ai-machine-learning/itau-unibanco-how-we-built-a-cicd-pipeline-for-machine-learning-with-online-training-in-kubeflow',
    facts: {
      roles_present: ['ds', 'de', 'devops'],
      legacy_systems: true,
      regulation: ['banking'],
      ci_cd: 'automated',
      org_type: 'enterprise',
    },
  },
  {
    name: 'Anonymised major bank without western clouds (r/mlops poster)',
    label: 'large-scale',
    source: 'https://redlib.private.coffee/r/mlops',
    facts: {
      models_in_production: 300,
      roles_present: ['ds', 'mle', 'devops'],
      big_data_tools: ['spark', 'cassandra'],
      regulation: ['banking'],
      org_type: 'enterprise',
    },
  },
  {
    name: 'Deutsche Bank DB Lumina',
    label: 'large-scale',
    source:
      'https://cloud.google.com/blog/topics/financial-services/deutsche-bank-delivers-ai-powered-financial-research-with-db-lumina',
    facts: { regulation: ['banking'], org_type: 'enterprise' },
  },
  {
    name: 'Goldman Sachs capacity forecasting',
    label: 'large-scale',
    source:
      'https://developer.gs.com/blog/posts/forecasting-capacity-outages-using-machine-learning-to-bolster-application-resiliency',
    facts: { legacy_systems: true, regulation: ['banking'], org_type: 'enterprise' },
  },
  {
    name: 'Uber Michelangelo (2017)',
    label: 'large-scale',
    source: 'https://www.uber.com/blog/michelangelo-machine-learning-platform/',
    facts: {
      teams_doing_ml: 24,
      predictions_per_day: 21600000000,
      roles_present: ['ds', 'mle', 'de', 'devops'],
      big_data_tools: ['hdfs', 'spark', 'samza', 'kafka', 'cassandra'],
      org_type: 'enterprise',
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Facebook FBLearner Flow (2016)',
    label: 'large-scale',
    source: 'https://engineering.fb.com/ml-applications/introducing-fblearner-flow-facebook-s-ai-backbone/',
    facts: { predictions_per_day: 518400000000, big_data_tools: ['hive'], org_type: 'enterprise' },
  },
  {
    name: 'LinkedIn Pro-ML and Darwin',
    label: 'large-scale',
    source: 'https://engineering.linkedin.com/blog/2021/model-health-assurance-at-linkedin',
    facts: {
      models_in_production: 200,
      roles_present: ['ds', 'mle', 'de', 'devops'],
      big_data_tools: ['kafka', 'samza', 'pinot', 'spark'],
      org_type: 'enterprise',
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Zalando ML platform',
    label: 'large-scale',
    source:
      'https://www.zenml.io/mlops-database/zalando-zalandos-ml-platform-zflow-ml-platform-with-python-dsl-and-aws-step-functions-for-scalable-cicd-and-observabilit',
    facts: {
      data_volume_gb: 1000,
      teams_doing_ml: 50,
      roles_present: ['ds', 'mle', 'de', 'devops'],
      big_data_tools: ['databricks', 'spark'],
      ci_cd: 'automated',
      org_type: 'enterprise',
      data_velocity: 'mixed',
    },
  },
  {
    name: "Sam's Club data platform (2019)",
    label: 'large-scale',
    source:
      'https://www.slideshare.net/databricks/building-an-enterprise-data-platform-with-azure-databricks-to-enable-machine-learning-and-data-science-at-scale-at-sams-club',
    facts: {
      data_volume_gb: 150000,
      models_in_production: 40,
      roles_present: ['ds', 'de'],
      big_data_tools: ['databricks', 'spark', 'hadoop'],
      legacy_systems: true,
      org_type: 'enterprise',
    },
  },
  {
    name: 'Starbucks enterprise data analytics platform (2020)',
    label: 'large-scale',
    source: 'https://www.slideshare.net/databricks/operationalizing-big-data-pipelines-at-scale',
    facts: {
      data_volume_gb: 4000000,
      big_data_tools: ['databricks', 'delta', 'spark'],
      org_type: 'enterprise',
      data_velocity: 'mixed',
    },
  },
  {
    name: 'Delivery Hero',
    label: 'large-scale',
    source:
      'https://tech.deliveryhero.com/devops-for-machine-learning-what-does-this-mean-and-why-do-you-need-it/',
    facts: { org_type: 'enterprise', data_velocity: 'streaming' },
  },
  {
    name: 'Anonymised Fortune 200 financial institution (BSC Analytics)',
    label: 'large-scale',
    source: 'https://bscanalytics.com/why-us/success-stories/enterprise-ml-delivery/',
    facts: {
      teams_doing_ml: 3,
      legacy_systems: true,
      regulation: ['banking'],
      ci_cd: 'manual',
      org_type: 'enterprise',
    },
  },
  {
    name: 'Biogen genomics platform (2020)',
    label: 'large-scale',
    source: 'https://databricks.com/speaker/frank-austin-nothaft',
    facts: {
      data_volume_gb: 1000000,
      big_data_tools: ['spark', 'databricks'],
      legacy_systems: true,
      regulation: ['pharma'],
      org_type: 'enterprise',
    },
  },
  {
    name: 'Anonymised ad platform with 40 teams (factored.ai)',
    label: 'large-scale',
    source: 'https://www.factored.ai/case-studies/real-time-data-streaming',
    facts: {
      data_volume_gb: 100000,
      teams_doing_ml: 40,
      big_data_tools: ['kafka', 'flink', 'trino'],
      data_velocity: 'streaming',
    },
  },
  {
    name: 'Booking.com (2019)',
    label: 'large-scale',
    source:
      'https://booking.ai/150-successful-machine-learning-models-6-lessons-learned-at-booking-com-681e09107bec',
    facts: { models_in_production: 150, org_type: 'enterprise' },
  },
];
