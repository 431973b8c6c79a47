import type { SourceTree } from '../io/source-tree.ts';
import { baseOf, isAside, placeAt, type Sign, type Strength } from './sign.ts';

interface Image {
  readonly pattern: RegExp;
  readonly values: readonly (readonly [key: string, value: string, strength?: Strength])[];
}

const IMAGES: readonly Image[] = [
  { pattern: /(^|\/)spark(-|:|$)|\/spark-(master|worker)/, values: [['big_data_tools', 'spark']] },
  {
    pattern: /(^|\/)(cp-)?kafka(:|$)|\/cp-server(:|$)|redpanda/,
    values: [
      ['big_data_tools', 'kafka'],
      ['data_velocity', 'streaming'],
    ],
  },
  {
    pattern: /(^|\/)flink(:|$)/,
    values: [
      ['big_data_tools', 'flink'],
      ['data_velocity', 'streaming'],
    ],
  },
  { pattern: /(^|\/)hadoop-?/, values: [['big_data_tools', 'hadoop']] },
  { pattern: /(^|\/)(trino|prestodb|presto)(:|$)/, values: [['big_data_tools', 'trino']] },
  { pattern: /(^|\/)cassandra(:|$)/, values: [['big_data_tools', 'cassandra']] },
  { pattern: /clickhouse/, values: [['big_data_tools', 'clickhouse']] },
  { pattern: /(^|\/)airflow(:|$|-)/, values: [['orchestration', 'airflow']] },
  { pattern: /(^|\/)prefect(:|$)/, values: [['orchestration', 'prefect']] },
  { pattern: /(^|\/)mlflow(:|$)/, values: [['registry', 'mlflow']] },
  { pattern: /(^|\/)(prometheus|grafana|alertmanager)(:|$)/, values: [['monitoring', 'partial']] },
  // An image with CUDA says what is intended; whether a GPU is there, it does not say.
  {
    pattern: /(^|\/)nvidia\/cuda|(^|\/)cuda:|-cuda|-gpu(-|$)|cu1\d\d/,
    values: [['accelerators', 'gpu', 'weak']],
  },
];

const COMPOSE = /^(docker-)?compose([-_.].*)?\.ya?ml$/;
const DOCKERFILE = /^(Dockerfile|Containerfile)([-_.].*)?$|\.Dockerfile$/;
const LINE = /^[ \t]*(?:-[ \t]+)?(?:image:|FROM(?:[ \t]+--platform=\S+)?)[ \t]+["']?([^\s"'#]+)/gim;

/** What the images of compose files and Dockerfiles say. */
export function imageSigns(tree: SourceTree): readonly Sign[] {
  return tree.files.flatMap(({ path }) => {
    const base = baseOf(path);
    const text = COMPOSE.test(base) || DOCKERFILE.test(base) ? tree.text(path) : undefined;
    if (text === undefined) return [];
    return [...text.matchAll(LINE)].slice(0, MOST_LINES).flatMap(({ index, 1: image = '' }) =>
      valuesOf(image).map(([key, value, strength = 'strong']): Sign => {
        const where = placeAt(path, text, index);
        return {
          key,
          value,
          strength: isAside(path) ? 'weak' : strength,
          where,
          says: `the image ${image} is used`,
        };
      }),
    );
  });
}

const MOST_LINES = 200;

function valuesOf(image: string): Image['values'] {
  return IMAGES.filter(({ pattern }) => pattern.test(image)).flatMap(({ values }) => values);
}
