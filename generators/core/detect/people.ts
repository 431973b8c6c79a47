import type { Commit, GitAuthors } from '../io/git-authors.ts';
import type { Sign } from './sign.ts';

const BOT =
  /\[bot\]|\bbot\b|dependabot|renovate|github-actions|gitlab-(ci|bot)|pre-commit-ci|semantic-release|jenkins|copybara|greenkeeper|snyk|web-flow|-bot@|^bot@/i;
const FEWEST_COMMITS = 2;
// Below this a history says more about how young the repository is than about who works on it.
const ENOUGH_COMMITS = 10;

/** The people who changed this folder in a year: contributors, and so a lower bound of the team. */
export function peopleSigns(authors: GitAuthors, isDataWork: boolean): readonly Sign[] {
  if (authors.kind === 'unknown') return [];
  const commits = authors.commits.filter(({ name, email }) => !BOT.test(name) && !BOT.test(email));
  const people = personCounts(commits).filter((count) => count >= FEWEST_COMMITS).length;
  if (people === 0) return [];
  const isEnough = isDataWork && people >= 2 && commits.length >= ENOUGH_COMMITS;
  return [
    {
      key: 'team_size',
      value: people,
      strength: isEnough ? 'strong' : 'weak',
      where: 'git log, one year',
      says: `${people} ${people === 1 ? 'contributor' : 'contributors'} with two commits or more; a team may be larger`,
    },
  ];
}

/** Commits by person: the same address or the same name is one person, also where it goes over a third. */
function personCounts(commits: readonly Commit[]): readonly number[] {
  const personOf = new Map<string, { count: number }>();
  const people = new Set<{ count: number }>();
  for (const { name, email } of commits) {
    const ids = [`name ${name.trim().toLowerCase()}`, `mail ${email.trim().toLowerCase()}`];
    const [person = { count: 0 }, other] = new Set(ids.flatMap((id) => personOf.get(id) ?? []));
    if (other !== undefined) {
      person.count += other.count;
      people.delete(other);
      for (const [id, one] of personOf) if (one === other) personOf.set(id, person);
    }
    person.count += 1;
    people.add(person);
    for (const id of ids) personOf.set(id, person);
  }
  return [...people].map(({ count }) => count);
}
