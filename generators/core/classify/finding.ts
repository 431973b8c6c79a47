/** Something about the answers that a person should look at, and the questions that settle it. */
export interface Finding {
  readonly code: FindingCode;
  /** Blocking: the verdict is not final while it holds. */
  readonly severity: 'blocking' | 'warning' | 'note';
  readonly message: string;
  readonly questions: readonly string[];
}

export type FindingCode =
  | 'INSUFFICIENT_EVIDENCE'
  | 'ROLES_EXCEED_TEAM'
  | 'TEAM_EXCEEDS_COMPANY'
  | 'TEAMS_EXCEED_PEOPLE'
  | 'TRAFFIC_WITHOUT_MODEL'
  | 'DATA_EXCEEDS_INFRASTRUCTURE'
  | 'LOAD_EXCEEDS_INFRASTRUCTURE'
  | 'MODELS_PER_PERSON_HIGH'
  | 'BIG_TOOLS_SMALL_DATA'
  | 'TEAM_TOO_SMALL_FOR_DATA'
  | 'ROLE_MIX_MISSING_ENGINEERING'
  | 'SCOPE_TEAM_OR_ORGANISATION'
  | 'GOVERNANCE_OVERLAY'
  | 'PRACTICE_WITHOUT_MODEL'
  | 'REGULATED_SECTOR_UNREGULATED'
  | 'STREAMING_TINY_DATA'
  | 'LLM_APPLICATION';
