/* Where the outbox keeps its entries: IndexedDB, or memory where a browser refuses it. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Op } from '../domain/ops';

export interface Entry extends Op {
  /** One per tap: the server counts it once, however often it is sent. */
  client_id: string;
  slug: string;
  occurred_at: string;
  state: 'waiting' | 'sent' | 'refused';
  base_revision?: number;
  /** Of an entry that takes another back: whose, and its score once the server has told. */
  target?: string;
  score_id?: string;
  refusal?: { code: string; message: string };
}

export interface Store {
  all(): Promise<Entry[]>;
  /** Of a new tap. Once called it is kept, also when the page is left in the same moment. */
  add(entry: Entry): Promise<void>;
  put(entry: Entry): Promise<void>;
  remove(client_id: string): Promise<void>;
}

interface Schema extends DBSchema {
  outbox: { key: number; value: Entry; indexes: { client_id: string } };
}

class Database implements Store {
  constructor(private readonly db: IDBPDatabase<Schema>) {}

  /** Keys count up, so this is the order in which the taps were made. */
  all(): Promise<Entry[]> {
    return this.db.getAll('outbox');
  }

  async add(entry: Entry): Promise<void> {
    const tx = this.db.transaction('outbox', 'readwrite');
    const added = tx.store.add(entry);
    // Without it the browser waits for the page to say that nothing more comes.
    tx.commit();
    await Promise.all([added, tx.done]);
  }

  async put(entry: Entry): Promise<void> {
    const tx = this.db.transaction('outbox', 'readwrite');
    const key = await tx.store.index('client_id').getKey(entry.client_id);
    await Promise.all([tx.store.put(entry, key), tx.done]);
  }

  async remove(client_id: string): Promise<void> {
    const tx = this.db.transaction('outbox', 'readwrite');
    const key = await tx.store.index('client_id').getKey(client_id);
    await Promise.all([key === undefined ? null : tx.store.delete(key), tx.done]);
  }
}

class Memory implements Store {
  #entries = new Map<string, Entry>();

  async all(): Promise<Entry[]> {
    return [...this.#entries.values()];
  }

  add(entry: Entry): Promise<void> {
    return this.put(entry);
  }

  async put(entry: Entry): Promise<void> {
    this.#entries.set(entry.client_id, entry);
  }

  async remove(client_id: string): Promise<void> {
    this.#entries.delete(client_id);
  }
}

export async function openStore(name = 'scorehold'): Promise<Store> {
  try {
    const db = await openDB<Schema>(name, 1, {
      upgrade(db) {
        const store = db.createObjectStore('outbox', { autoIncrement: true });
        store.createIndex('client_id', 'client_id', { unique: true });
      },
    });
    return new Database(db);
  } catch {
    return new Memory();
  }
}
