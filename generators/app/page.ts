import type { Preset } from '../core/catalog/catalog.ts';
import { ARCHETYPE_WORDS, ARCHETYPES, type Archetype } from '../core/classify/archetypes.ts';
import { explainVerdict, explanationMarkdown, type PitfallAnswers } from '../core/classify/explanation.ts';
import { GROWTH } from '../core/classify/growth.ts';
import { PITFALLS } from '../core/classify/pitfalls.ts';
import { classifyProfile } from '../core/classify/verdict.ts';
import type { Profile } from '../core/profile/profile.ts';
import { escapeMarkdown } from '../core/render/escape.ts';

interface PageParts {
  readonly profile: Profile;
  readonly preset: Preset;
  readonly reason: string | undefined;
}

/** `docs/ARCHETYPE.md`: why this repository is of its kind, and which files answer the pitfalls of that kind. */
export function archetypePage(
  { profile: known, preset, reason }: PageParts,
  answers: PitfallAnswers,
): string {
  const profile = withoutPlaces(known);
  const verdict = classifyProfile(profile);
  const explanation = explanationMarkdown(explainVerdict(profile, verdict, answers));
  if (profile.size === 0) return chosenPage(preset, reason, answers, false);
  if (preset.id === verdict.archetype) return explanation;
  const demoted = explanation.replace(/^(#+) /gm, '#$1 ').replace(/^## /, '## The answers say: ');
  return `${chosenPage(preset, reason, answers, true)}\n${demoted}`;
}

/** A flag today is a line of `mlops.yaml` tomorrow: the page says what is known, the same on every run. */
function withoutPlaces(profile: Profile): Profile {
  return new Map([...profile].map(([key, { value }]) => [key, { value, source: 'saved' }]));
}

/** The page where a person chose the kind, or nothing is known about the organisation. */
function chosenPage(
  preset: Preset,
  reason: string | undefined,
  answers: PitfallAnswers,
  isKnown: boolean,
): string {
  const archetype = ARCHETYPES.find((id) => id === preset.id) ?? ARCHETYPES[0];
  const { name, sentence } = ARCHETYPE_WORDS[archetype];
  return [
    `# ${name}`,
    '',
    `Chosen by hand${reason === undefined ? '' : `: ${escapeMarkdown(reason.replace(/\.+$/, ''))}`}.`,
    '',
    `What such an organisation is like: ${sentence}.`,
    '',
    ...(isKnown
      ? []
      : [
          'Fill in the facts in `mlops.yaml`; `mlops classify --answers=mlops.yaml` says what they mean.',
          '',
        ]),
    '## Pitfalls to expect',
    '',
    ...pitfallLines(archetype, answers),
    '',
    '## Growth',
    '',
    ...growthLines(archetype),
    '',
  ].join('\n');
}

function pitfallLines(archetype: Archetype, answers: PitfallAnswers): string[] {
  return PITFALLS[archetype].map(({ id, text }) => {
    const paths = (answers.get(id) ?? []).map((path) => `\`${path}\``).join(', ');
    return `- **${id}** ${text.charAt(0).toUpperCase()}${text.slice(1)}.${paths === '' ? '' : ` Answered by ${paths}.`}`;
  });
}

function growthLines(archetype: Archetype): string[] {
  const { triggers, notYet } = GROWTH[archetype];
  return [
    ...triggers.map(({ when, towards }) => `- **${ARCHETYPE_WORDS[towards].name}** when ${when}.`),
    '',
    `Not yet: ${notYet.join('; ')}.`,
  ];
}
