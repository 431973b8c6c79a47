/** What is wrong in a project, or worth knowing, and what to paste to mend it. */
export interface Finding {
  /** Stable; docs/doctor.md lists them all. */
  readonly code: string;
  /** A problem makes the command end with 9, a note does not. */
  readonly severity: 'problem' | 'note';
  /** One sentence. */
  readonly message: string;
  /** For a shell in the root of the project; null where there is nothing to run. */
  readonly command: string | null;
}

export function problem(code: string, message: string, command: string): Finding {
  return { code, severity: 'problem', message, command };
}

export function note(code: string, message: string, command: string | null): Finding {
  return { code, severity: 'note', message, command };
}
