import type { Question } from './question.ts';

/** Names and the archetype: asked of every project, whatever its kind. */
export const PROJECT_QUESTIONS: readonly Question[] = [
  {
    kind: 'text',
    key: 'name',
    group: 'project',
    message: 'What is the project called?',
    why: 'Names the folder, the Python distribution and the program.',
    maxLength: 64,
  },
  {
    kind: 'text',
    key: 'package',
    group: 'project',
    message: 'What is its Python package called?',
    why: 'What the code imports; by default the name with "_".',
    maxLength: 64,
  },
  {
    kind: 'choice',
    key: 'archetype',
    group: 'project',
    message: 'Which kind of repository?',
    why: 'Overrides the verdict; "verdict" takes it.',
    values: [
      { value: 'small-data', label: 'Small Data Ops' },
      { value: 'big-data', label: 'Big Data Ops' },
      { value: 'hybrid', label: 'Hybrid MLOps' },
      { value: 'large-scale', label: 'Large-scale MLOps' },
      { value: 'verdict', label: 'what the answers say' },
    ],
  },
  {
    kind: 'text',
    key: 'reason',
    group: 'project',
    message: 'Why another kind than the verdict?',
    why: 'Kept in mlops.yaml beside the archetype.',
    maxLength: 500,
  },
];
