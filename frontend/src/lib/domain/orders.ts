/* Orders in words that people use. */

export type State =
  | 'draft'
  | 'pending'
  | 'paid'
  | 'fulfilled'
  | 'expired'
  | 'cancelled'
  | 'partially_refunded'
  | 'refunded';

interface Words {
  label: string;
  /** What it means for whoever ordered. */
  text: string;
  tone: 'waiting' | 'good' | 'over';
}

export const STATES: Record<State, Words> = {
  draft: {
    label: 'Draft',
    text: 'Nothing is ordered yet. Place the order, or drop it.',
    tone: 'waiting',
  },
  pending: {
    label: 'Waiting for payment',
    text: 'Pay the invoice. What you ordered is unlocked when the money is there.',
    tone: 'waiting',
  },
  paid: { label: 'Paid', text: 'The money is there. It is unlocked in a moment.', tone: 'good' },
  fulfilled: { label: 'Unlocked', text: 'What you ordered is yours to use.', tone: 'good' },
  expired: {
    label: 'Expired',
    text: 'No payment came. Nothing is owed; order again when you like.',
    tone: 'over',
  },
  cancelled: { label: 'Cancelled', text: 'Nothing is owed.', tone: 'over' },
  partially_refunded: {
    label: 'Refunded in part',
    text: 'A part of the money went back.',
    tone: 'good',
  },
  refunded: { label: 'Refunded', text: 'All of the money went back.', tone: 'over' },
};

/** What a step is called in the history. */
export const ACTIONS: Record<string, string> = {
  'order.drafted': 'Drafted',
  'order.updated': 'Changed',
  'order.submitted': 'Ordered',
  'order.paid': 'Paid',
  'order.fulfilled': 'Unlocked',
  'order.expired': 'Expired',
  'order.cancelled': 'Cancelled',
  'order.partially_refunded': 'Refunded in part',
  'order.refunded': 'Refunded',
};

export const FEATURES: Record<string, string> = {
  logo: 'Your own logo',
  theme: 'Your own colour',
  overlay: 'Views without our mark',
  limits: 'Higher rate limits',
};

/** What an operator may do next. */
export type Move = 'pay' | 'fulfil' | 'refund';

export function movesOf(state: State): Move[] {
  switch (state) {
    case 'pending':
      return ['pay'];
    case 'paid':
      return ['fulfil', 'refund'];
    case 'fulfilled':
    case 'partially_refunded':
      return ['refund'];
    default:
      return [];
  }
}

/** Whether there is an invoice: from the moment something was ordered. */
export const hasInvoice = (state: State): boolean => state !== 'draft' && state !== 'cancelled';
