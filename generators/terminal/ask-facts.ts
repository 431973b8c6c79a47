import { openQuestions } from '../core/classify/next-question.ts';
import { reasonInWords } from '../core/classify/next-words.ts';
import { classifyProfile, type Verdict } from '../core/classify/verdict.ts';
import { FACTS, factNamed } from '../core/profile/facts.ts';
import { type Profile, withAnswer } from '../core/profile/profile.ts';
import type { AnswerValue } from '../core/profile/question.ts';
import { askQuestion } from './ask.ts';
import { contradictionToSettle, correctedAnswer } from './correct.ts';
import type { Terminal } from './terminal.ts';

export interface Interview {
  readonly profile: Profile;
  readonly verdict: Verdict;
}

// Who does not know the answer to so many questions will hardly know the next one.
const MOST_UNKNOWN = 5;
const ONE_MORE_ROUND = 5;

/** How a person is asked; by default only for what can still change the verdict. */
export interface Asking {
  readonly all?: boolean;
  /** What Enter takes, by fact. */
  readonly presets?: ReadonlyMap<string, AnswerValue>;
  /** What the person did not know before, and is not asked again. */
  readonly skipped?: ReadonlySet<string>;
}

/**
 * Asks the fact that can still move the verdict most, until no answer can change it or the person does not know;
 * `all` asks every fact that is not known. Contradictions are shown as soon as they arise.
 */
export async function askedFacts(
  terminal: Terminal,
  known: Profile,
  asking: Asking = {},
): Promise<Interview> {
  const talk = new Talk(terminal, known, asking);
  if (asking.all === true) await talk.askAll();
  else await talk.askWhatMatters();
  return talk.interview;
}

class Talk {
  readonly #terminal: Terminal;
  #profile: Profile;
  readonly #presets: ReadonlyMap<string, AnswerValue>;
  readonly #skipped: Set<string>;
  readonly #settled = new Set<string>();

  constructor(terminal: Terminal, known: Profile, { presets = new Map(), skipped = new Set() }: Asking) {
    this.#terminal = terminal;
    this.#profile = known;
    this.#presets = presets;
    this.#skipped = new Set(skipped);
  }

  get interview(): Interview {
    return { profile: this.#profile, verdict: this.#verdict };
  }

  get #verdict(): Verdict {
    return classifyProfile(this.#profile, this.#skipped);
  }

  async askAll(): Promise<void> {
    for (const { key } of FACTS) if (this.#isAsked(key)) await this.#ask(key);
    await this.#settle();
  }

  async askWhatMatters(): Promise<void> {
    await this.#settle();
    for (;;) {
      const verdict = this.#verdict;
      const key = verdict.nextQuestion;
      const hasEnough = this.#skipped.size >= MOST_UNKNOWN;
      if (key !== undefined && !hasEnough) {
        await this.#ask(key, verdict.nextReason && reasonInWords(verdict.nextReason, verdict.archetype));
      } else if (await this.#wantsMore(key === undefined)) {
        await this.#askMore();
      } else return;
    }
  }

  /** Asks some of what is still open, whether or not it can change the verdict. */
  async #askMore(): Promise<void> {
    for (let asked = 0; asked < ONE_MORE_ROUND; asked++) {
      const key = this.#verdict.nextQuestion ?? this.#open[0];
      if (key === undefined) return;
      await this.#ask(key);
    }
  }

  get #open(): readonly string[] {
    return openQuestions(this.#profile, this.#skipped);
  }

  async #wantsMore(isSettled: boolean): Promise<boolean> {
    const open = this.#open.length;
    if (open === 0) return false;
    const answer = await this.#terminal.ask({
      kind: 'select',
      message: isSettled
        ? 'Nothing else that could be asked would change the verdict.'
        : 'That is enough to go on with.',
      choices: [
        { value: 'verdict', name: 'Show the verdict' },
        { value: 'more', name: `Tell me more anyway (${open} questions are open)` },
      ],
      default: 'verdict',
    });
    return answer === 'more';
  }

  async #ask(key: string, why?: string): Promise<void> {
    const fact = factNamed(key);
    if (fact === undefined) return;
    this.#take(key, await askQuestion(this.#terminal, fact, this.#presets.get(key), why));
    await this.#settle();
  }

  #take(key: string, answer: AnswerValue | undefined): void {
    if (answer === undefined) this.#skipped.add(key);
    this.#profile = withAnswer(this.#profile, key, answer);
  }

  /** Shows what cannot be true together, and takes the correction. */
  async #settle(): Promise<void> {
    for (;;) {
      const finding = contradictionToSettle(this.#profile, this.#settled);
      if (finding === undefined) return;
      const corrected = await correctedAnswer(this.#terminal, this.#profile, finding);
      if (corrected === undefined) this.#settled.add(finding.code);
      else this.#take(corrected.key, corrected.answer);
    }
  }

  /** What is asked when everything is: not the roles by name where they are counted, nor the basis of no volume. */
  #isAsked(key: string): boolean {
    if (this.#profile.has(key)) return false;
    if (key === 'data_volume_basis') return this.#profile.has('data_volume_gb');
    if (key !== 'roles_present') return true;
    const counts = ['data_scientists', 'data_engineers', 'ml_engineers', 'devops_engineers'];
    return !counts.some((count) => this.#profile.has(count));
  }
}
