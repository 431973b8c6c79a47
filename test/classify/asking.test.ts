import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { FACTS, factNamed } from '../../generators/core/profile/facts.ts';
import type { Profile } from '../../generators/core/profile/profile.ts';
import { answerText } from '../../generators/core/profile/question.ts';
import { askQuestion } from '../../generators/terminal/ask.ts';
import { askedFacts } from '../../generators/terminal/ask-facts.ts';
import { type Prompt, painter, type Terminal } from '../../generators/terminal/terminal.ts';
import { profiles } from './arbitrary-profile.ts';
import { profileOf } from './labelled.ts';

/** A person who answers from a profile, leaves contradictions as they are, and wants to tell more some times. */
function personWith(full: Profile, more = 0) {
  const asked: string[] = [];
  const said: string[] = [];
  let left = more;
  const terminal: Terminal = {
    interactive: true,
    paint: painter(false),
    say: (text) => said.push(text),
    result: () => undefined,
    ask: async (prompt) => {
      const fact = FACTS.find(({ message }) => prompt.message.startsWith(message));
      if (fact === undefined) return choiceIn(prompt, left-- > 0);
      asked.push(fact.key);
      const value = full.get(fact.key)?.value;
      return value === undefined ? 'unknown' : answerText(value);
    },
  };
  return { terminal, asked, said };
}

function choiceIn(prompt: Prompt, wantsMore: boolean): string {
  if (prompt.kind !== 'select') throw new Error(prompt.message);
  const values = prompt.choices.map(({ value }) => value);
  if (values.includes('more')) return wantsMore ? 'more' : 'verdict';
  return 'leave';
}

describe('the interview', () => {
  it('ends, asks nothing twice, and keeps what was answered, for any person', async () => {
    await fc.assert(
      fc.asyncProperty(profiles(), fc.nat({ max: 3 }), async (full, more) => {
        const { terminal, asked } = personWith(full, more);
        const { profile } = await askedFacts(terminal, new Map());
        expect(new Set(asked).size).toBe(asked.length);
        for (const key of asked) expect(profile.get(key)?.value).toEqual(full.get(key)?.value);
      }),
      { numRuns: 60 },
    );
  });

  it('stops only when no open answer can change the verdict, or too much is unknown', async () => {
    await fc.assert(
      fc.asyncProperty(profiles(), async (full) => {
        const { terminal, asked } = personWith(full);
        const { profile, verdict } = await askedFacts(terminal, new Map());
        const unknown = asked.filter((key) => !profile.has(key));
        expect(unknown.length).toBeLessThanOrEqual(5);
        if (unknown.length < 5) expect(verdict.nextQuestion).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('goes on while too little is known for a verdict, also where nothing can change the winner', async () => {
    const facts = { company_size: 5000, scope: 'team', teams_doing_ml: 9, regulation: [] };
    expect(classifyProfile(profileOf(facts), new Set(['team_size', 'roles_present']))).toMatchObject({
      status: 'needs-more-information',
      nextReason: expect.objectContaining({ kind: expect.stringMatching(/evidence|together|alone/) }),
    });
    await fc.assert(
      fc.asyncProperty(profiles(), async (full) => {
        const { terminal, asked } = personWith(full);
        const { profile, verdict } = await askedFacts(terminal, new Map());
        const unknown = asked.filter((key) => !profile.has(key));
        if (unknown.length < 5) expect(verdict.status).not.toBe('needs-more-information');
      }),
      { numRuns: 100 },
    );
  });

  it('says that a word it does not know counts as other', async () => {
    const { terminal, said } = personWith(new Map());
    const word = { ...terminal, ask: async () => 'power-systems' };
    const regulation = factNamed('regulation');
    expect(regulation && (await askQuestion(word, regulation))).toEqual(['other']);
    expect(said.join()).toContain('regulation: "power-systems" counts as "other".');
  });

  it('asks a person who knows nothing five questions', async () => {
    const { terminal, asked } = personWith(new Map());
    await askedFacts(terminal, new Map());
    expect(asked).toHaveLength(5);
  });

  it('asks all that is not known when told to, roles by name only where nobody counted them', async () => {
    const known = profileOf({ team_size: 3, data_scientists: 3 });
    const { terminal, asked } = personWith(new Map());
    await askedFacts(terminal, known, { all: true });
    const others = FACTS.map(({ key }) => key).filter(
      (key) => !['team_size', 'data_scientists', 'roles_present', 'data_volume_basis'].includes(key),
    );
    expect(asked).toEqual(others);
  });

  it('says for every question why it is asked and what hangs on it', async () => {
    const { terminal, said } = personWith(profileOf({ team_size: 10, data_volume_gb: 200 }));
    await askedFacts(terminal, new Map());
    expect(said[0]).toMatch(/ {2}[A-Z].+\. So far .+; .*(can make it|can be) .+\.$/);
  });

  it('asks first whether one team or everybody is meant, once a large organisation is known', () => {
    expect(classifyProfile(profileOf({ company_size: 5000 }))).toMatchObject({ nextQuestion: 'scope' });
    expect(classifyProfile(profileOf({ company_size: 5000, scope: 'team' })).nextQuestion).not.toBe('scope');
    expect(classifyProfile(profileOf({ company_size: 999 })).nextQuestion).not.toBe('scope');
  });

  it('asks what kind of organisation it is when nobody knows the number of employees', () => {
    const facts = { team_size: 8, data_volume_gb: 5000, roles_present: ['ds', 'de', 'devops'] };
    const skipped = new Set<string>();
    for (let asked = 0; asked < 25; asked++) {
      const key = classifyProfile(profileOf(facts), skipped).nextQuestion;
      if (key === 'org_type') {
        expect(skipped.has('company_size')).toBe(true);
        return;
      }
      skipped.add(key ?? '');
    }
    throw new Error('org_type was never asked');
  });
});
