import type { Mark } from './marks.ts';

const CODE =
  /\.(py|java|scala|ya?ml|toml|cfg|ini|conf|properties|xml|sbt)$|(^|[/-])requirements[^/]*\.(txt|in)$/;
const WORDS = /\.(md|rst|txt|adoc)$/i;

function legacy(files: RegExp, pattern: RegExp, says: string): Mark {
  return { files, pattern, says, values: [['legacy_systems', true, 'hint']] };
}

function rule(pattern: RegExp, value: string, says: string): Mark {
  return { files: WORDS, pattern, says, values: [['regulation', value, 'hint']] };
}

/** What makes two questions worth asking; a word in a document is no answer to either. */
export const HINT_MARKS: readonly Mark[] = [
  legacy(CODE, /jdbc:(db2|oracle|teradata|sap|as400|informix)/i, 'an older kind of database is read'),
  legacy(
    CODE,
    /\b(cx_Oracle|oracledb|teradatasql|ibm_db|pyrfc|hdbcli)\b/,
    'a client of an older system is used',
  ),
  legacy(/\.(cbl|cob|jcl)$/i, /^/, 'there is mainframe code'),
  rule(/\bHIPAA\b/, 'hipaa', 'HIPAA is named'),
  rule(/\bSR[ -]?11-?7\b|\bBasel (II|III|IV)\b/, 'banking', 'a rule for banks is named'),
  rule(/\bGxP\b|\b21 CFR Part 11\b/, 'pharma', 'a rule for pharma is named'),
  rule(/\bPCI[ -]DSS\b/, 'credit', 'PCI DSS is named'),
  rule(/\bGDPR\b|\bDSGVO\b/, 'gdpr', 'GDPR is named'),
];
