import { join } from 'node:path';

/** One golden row of the bundle, as each kind of server wants it, and what the model says to it. */
export interface Case {
  readonly row: string;
  readonly matrix: string;
  readonly prediction: number;
}

export interface Service {
  readonly name: string;
  readonly does: string;
  /** A program of the project's environment. */
  readonly program: string;
  readonly args: (port: number) => readonly string[];
  readonly readyPath: string;
  readonly path: string;
  readonly body: (one: Case) => string;
  /** Undefined where nothing is predicted. */
  readonly predictionIn: ((answer: string) => number) | undefined;
}

export const SERVICE_PY = join(import.meta.dirname, 'service.py');

/** The service of an emitted repository, and others of the same model; `model` is saved for MLflow. */
export function servicesOf(project: string, model: string): readonly Service[] {
  return [
    {
      name: '`acme-churn serve`',
      does: 'checks the row against the contract, makes the features, predicts and logs',
      program: 'acme-churn',
      args: (port) => ['serve', '--port', String(port)],
      readyPath: '/readyz',
      path: '/predict',
      body: ({ row }) => row,
      predictionIn: (answer) => JSON.parse(answer).prediction,
    },
    {
      ...fastApi('naive', project),
      name: 'naive FastAPI',
      does: 'makes the features with pandas and predicts',
      predictionIn: (answer) => JSON.parse(answer).prediction,
    },
    mlflow(model),
    {
      ...fastApi('floor', project),
      name: 'FastAPI alone',
      does: 'answers a constant',
      predictionIn: undefined,
    },
  ];
}

function fastApi(verb: 'naive' | 'floor', project: string) {
  return {
    program: 'python',
    args: (port: number) => [SERVICE_PY, verb, project, String(port)],
    readyPath: '/ping',
    path: '/predict',
    body: ({ row }: Case) => row,
  };
}

function mlflow(model: string): Service {
  const options = ['-m', model, '-h', '127.0.0.1', '--env-manager', 'local'];
  return {
    name: '`mlflow models serve`',
    does: 'predicts from a feature matrix that the client has made, and logs',
    program: 'mlflow',
    args: (port) => ['models', 'serve', ...options, '-p', String(port)],
    readyPath: '/ping',
    path: '/invocations',
    body: ({ matrix }) => matrix,
    predictionIn: (answer) => JSON.parse(answer).predictions[0],
  };
}
