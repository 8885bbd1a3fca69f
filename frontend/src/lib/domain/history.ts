/* Who changed what, in plain words. */
import { formatChange, formatDecimal } from './decimal';

type Members = Record<string, unknown> | null;

/** One part of a change, as the journal tells it. */
export interface Part {
  revision: number;
  at: string;
  actor: { role: string; id?: string };
  action: string;
  entity: string;
  before?: Members;
  after?: Members;
  player?: { id: string; total?: number | null } | null;
  can_undo: boolean;
  undone_by?: number | null;
}

/** One change: everything that one request did. */
export interface Change {
  revision: number;
  at: string;
  actor: Part['actor'];
  can_undo: boolean;
  undone_by: number | null;
  parts: Part[];
}

/** What things are called. */
export interface Names {
  player(id: string): string;
  link(id: string): string;
  decimals: number;
}

/** The newest first, as the journal comes; the parts of each in their order. */
export function changesOf(parts: Part[]): Change[] {
  const changes = new Map<number, Change>();
  for (const part of parts) {
    const { revision, at, actor } = part;
    const known = changes.get(revision);
    if (known) {
      known.parts.unshift(part);
      known.can_undo &&= part.can_undo;
    } else {
      const { can_undo, undone_by = null } = part;
      changes.set(revision, { revision, at, actor, can_undo, undone_by, parts: [part] });
    }
  }
  return [...changes.values()];
}

const ROLES: Record<string, string> = {
  own: 'The owner',
  score: 'A scorer',
  user: 'The owner’s account',
  system: 'Scorehold',
};

export function who({ role, id }: Part['actor'], names: Pick<Names, 'link'>): string {
  const named = id?.startsWith('lnk_') ? names.link(id) : '';
  return named || (ROLES[role] ?? 'Somebody');
}

const SETTINGS: Record<string, string> = {
  direction: 'who leads',
  rule: 'what counts',
  ties: 'equal scores',
  tie_break: 'who of equals is first',
  tiebreak_direction: 'the second value',
  decimals: 'the decimal places',
  step: 'what a tap adds',
  target: 'the target',
  visibility: 'who finds the board',
  unit: 'the unit',
  description: 'the description',
};

const list = (words: string[]) => new Intl.ListFormat('en').format(words);
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What a change did, as the rest of a sentence that begins with its author. */
export function told(change: Change, names: Names): string {
  const [first] = change.parts;
  if (!first) return 'changed something';
  const { length } = change.parts.filter(({ action }) => action === first.action);
  switch (first.action) {
    case 'game.undone':
      return undone(first);
    case 'game.rewound':
      return `went back to change ${String(first.after?.to_revision)}`;
    case 'player.added':
      return `added ${many(change.parts, names)}`;
    case 'round.added':
      return roundAdded(change, first);
    case 'link.joined':
      return change.parts.length > 1 ? 'joined the board' : 'asked to join the board';
    case 'score.added':
      return length > 1 ? `entered ${length} scores` : entered(first, names);
    default:
      return change.parts.length > 1 && first.action.startsWith('score.')
        ? `corrected ${change.parts.length} scores`
        : one(first, names);
  }
}

function undone({ after }: Part): string {
  const revisions = Array.isArray(after?.undid) ? (after.undid as number[]) : [];
  return revisions.length === 1
    ? `undid change ${revisions[0]}`
    : `undid ${revisions.length} changes`;
}

function many(parts: Part[], names: Names): string {
  const added = parts.map(({ after, entity }) => text(after?.name) || names.player(entity));
  return added.length > 3 ? `${added.length} players` : list(added);
}

function roundAdded({ parts }: Change, { after }: Part): string {
  const scores = parts.filter(({ action }) => action === 'score.added').length;
  const label = text(after?.label);
  const round = label ? `the round ${label}` : 'a round';
  if (scores === 0) return `added ${round}`;
  return `added ${round} with ${scores === 1 ? 'a score' : `${scores} scores`}`;
}

function entered({ after, player }: Part, { player: name, decimals }: Names): string {
  const value = Number(after?.value);
  const whose = name(player?.id ?? text(after?.player_id));
  if (after?.op === 'set') return `set ${whose} to ${formatDecimal(value, decimals)}`;
  const total = player?.total == null ? '' : `, now ${formatDecimal(player.total, decimals)}`;
  return `gave ${whose} ${formatChange(value, decimals)}${total}`;
}

function one(part: Part, names: Names): string {
  const { action, entity, before, after } = part;
  const player = names.player(part.player?.id ?? entity);
  switch (action) {
    case 'game.created':
      return 'made the board';
    case 'game.updated':
      return settings(before, after);
    case 'game.claimed':
      return 'took the board into an account';
    case 'game.trashed':
      return 'moved the board to the trash';
    case 'game.restored':
      return 'took the board out of the trash';
    case 'player.updated':
      return after?.name
        ? `renamed ${text(before?.name)} to ${text(after.name)}`
        : `edited ${player}`;
    case 'player.trashed':
      return `removed ${player}`;
    case 'player.restored':
      return `brought ${player} back`;
    case 'round.updated':
      return after?.label ? `renamed a round to ${text(after.label)}` : 'edited a round';
    case 'round.trashed':
      return 'removed a round';
    case 'round.restored':
      return 'brought a round back';
    case 'score.amended':
      return amended(part, player, names);
    case 'score.voided':
      return `took back a score of ${player}`;
    case 'score.restored':
      return `let a score of ${player} count again`;
    default:
      return link(action, part, names);
  }
}

function settings(before: Members = null, after: Members = null): string {
  if (after?.title) return `renamed the board from ${text(before?.title)} to ${text(after.title)}`;
  const changed = Object.keys(after ?? {}).map((name) => SETTINGS[name] ?? name);
  return `changed ${list(changed)}`;
}

function amended({ before, after }: Part, player: string, { decimals }: Names): string {
  if (after?.value === undefined) return `edited a score of ${player}`;
  const [from, to] = [before?.value, after.value].map((value) =>
    formatDecimal(Number(value), decimals),
  );
  return `corrected a score of ${player} from ${from} to ${to}`;
}

function link(action: string, { entity, after }: Part, names: Names): string {
  const name = text(after?.name) || names.link(entity) || 'a link';
  const did: Record<string, string> = {
    'link.created': `made the link ${name}`,
    'link.updated': `changed the link ${name}`,
    'link.revoked': `revoked the link ${name}`,
    'link.rotated': `renewed the link ${name}`,
    'link.approved': `let ${name} in`,
  };
  return did[action] ?? 'changed the board';
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const HOUR = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** A moment written out: only the time, where the day is today. */
export function moment(at: string, now = new Date()): string {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) return '';
  return then.toDateString() === now.toDateString() ? HOUR.format(then) : DAY.format(then);
}
