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
  const above = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { name, email } of commits) {
    const [a, b] = [
      rootOf(above, `name ${name.trim().toLowerCase()}`),
      rootOf(above, `mail ${email.trim().toLowerCase()}`),
    ];
    if (a !== b) above.set(b, a);
    counts.set(a, (counts.get(a) ?? 0) + (a === b ? 0 : (counts.get(b) ?? 0)) + 1);
    if (a !== b) counts.delete(b);
  }
  return [...counts.values()];
}

/** The name or address that stands for a person, with the way to it made short. */
function rootOf(above: Map<string, string>, id: string): string {
  const path: string[] = [];
  let at = id;
  for (let next = above.get(at); next !== undefined; next = above.get(at)) {
    path.push(at);
    at = next;
  }
  for (const one of path) above.set(one, at);
  return at;
}
