/** Exit codes of every command, as documented in the README. */
export const EXIT = {
  done: 0,
  bug: 1,
  usage: 2,
  undecided: 3,
  conflicts: 4,
  refused: 5,
  locked: 6,
  io: 7,
  kit: 8,
  pending: 9,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One place where something is wrong: a file position, a flag, or a path in the target. */
export interface ErrorDetail {
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

interface MlopsErrorInit {
  readonly code: `MLOPS_E_${string}`;
  readonly exit: ExitCode;
  /** One sentence that says what is wrong. */
  readonly message: string;
  /** What to do next; starts with a verb. */
  readonly hint: string;
  readonly details?: readonly ErrorDetail[];
  readonly cause?: unknown;
}

/** An expected failure: a sentence, what to do next, and the exit code. Anything else thrown is a bug of ours. */
export class MlopsError extends Error {
  override readonly name = 'MlopsError';
  readonly code: `MLOPS_E_${string}`;
  readonly exit: ExitCode;
  readonly hint: string;
  readonly details: readonly ErrorDetail[];

  constructor(init: MlopsErrorInit) {
    super(init.message, { cause: init.cause });
    this.code = init.code;
    this.exit = init.exit;
    this.hint = init.hint;
    this.details = init.details ?? [];
  }
}

/** A wrong flag, value or answers file: exit 2, all problems at once. */
export function usageError(message: string, hint: string, details: readonly ErrorDetail[] = []): MlopsError {
  return new MlopsError({ code: 'MLOPS_E_USAGE', exit: EXIT.usage, message, hint, details });
}
