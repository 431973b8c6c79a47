import type { SourceTree } from '../io/source-tree.ts';
import { baseOf, isAside, placeAt, type Sign } from './sign.ts';

interface Artifact {
  readonly pattern: RegExp;
  readonly values: readonly (readonly [key: string, value: string])[];
}

const ARTIFACTS: readonly Artifact[] = [
  { pattern: /\bspark-(core|sql)\b/, values: [['big_data_tools', 'spark']] },
  {
    pattern: /\bspark-mllib\b/,
    values: [
      ['big_data_tools', 'spark'],
      ['frameworks', 'spark-mllib'],
    ],
  },
  {
    pattern: /\bspark-(streaming|sql-kafka)[\w-]*/,
    values: [
      ['big_data_tools', 'spark'],
      ['data_velocity', 'streaming'],
    ],
  },
  {
    pattern: /\bkafka-(clients|streams)\b/,
    values: [
      ['big_data_tools', 'kafka'],
      ['data_velocity', 'streaming'],
    ],
  },
  {
    pattern: /\bflink-(streaming|clients|core|table)[\w-]*/,
    values: [
      ['big_data_tools', 'flink'],
      ['data_velocity', 'streaming'],
    ],
  },
  { pattern: /\bhadoop-(client|common|hdfs)\b/, values: [['big_data_tools', 'hadoop']] },
  { pattern: /\bdelta-(core|spark)\b/, values: [['big_data_tools', 'delta']] },
  { pattern: /\biceberg-(spark|core)[\w.-]*/, values: [['big_data_tools', 'iceberg']] },
  { pattern: /\bbeam-sdks-java-core\b/, values: [['big_data_tools', 'beam']] },
  { pattern: /\bspark-cassandra-connector\b/, values: [['big_data_tools', 'cassandra']] },
  { pattern: /\bxgboost4j[\w-]*/, values: [['frameworks', 'xgboost']] },
];

const BUILD_FILE = /^(build\.sbt|pom\.xml|build\.gradle(\.kts)?|Dependencies\.scala)$/;

/** What the build files of Scala, Java and Kotlin name: sbt, Maven, Gradle. */
export function jvmSigns(tree: SourceTree): readonly Sign[] {
  return tree.files.flatMap(({ path }) => {
    const text = BUILD_FILE.test(baseOf(path)) ? tree.text(path) : undefined;
    return text === undefined ? [] : ARTIFACTS.flatMap((artifact) => signsOf(artifact, path, text));
  });
}

const TEST_SCOPE = /<scope>\s*test|^\s*test\w*[ (]|%\s*"?test\b/i;

/** The words around a dependency: Maven has its scope some lines below, sbt and Gradle on its line. */
function entryAt(path: string, text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf(path.endsWith('.xml') ? '</dependency>' : '\n', index);
  return text.slice(start, end < 0 ? undefined : end);
}

function signsOf({ pattern, values }: Artifact, path: string, text: string): readonly Sign[] {
  const found = pattern.exec(text);
  if (found === null) return [];
  const isTest = isAside(path) || TEST_SCOPE.test(entryAt(path, text, found.index));
  return values.map(([key, value]) => ({
    key,
    value,
    strength: isTest ? 'weak' : 'strong',
    where: placeAt(path, text, found.index),
    says: isTest ? `${found[0]} is a dependency of tests or of an example` : `${found[0]} is a dependency`,
  }));
}
