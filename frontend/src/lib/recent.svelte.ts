/* The boards opened in this browser, newest first. */
import { recall, remember } from './storage';

export interface RecentBoard {
  slug: string;
  title: string;
  openedAt: number;
}

const NAME = 'boards';
const MOST = 50;

class RecentBoards {
  list = $state.raw<RecentBoard[]>(recall<RecentBoard[]>(NAME) ?? []);

  opened(slug: string, title: string): void {
    this.#keep([{ slug, title, openedAt: Date.now() }, ...this.#without(slug)].slice(0, MOST));
  }

  remove(slug: string): void {
    this.#keep(this.#without(slug));
  }

  #without(slug: string): RecentBoard[] {
    // Another tab may have opened boards meanwhile.
    return (recall<RecentBoard[]>(NAME) ?? this.list).filter((board) => board.slug !== slug);
  }

  #keep(list: RecentBoard[]): void {
    this.list = list;
    remember(NAME, list);
  }
}

export const recentBoards = new RecentBoards();
