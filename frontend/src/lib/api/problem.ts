/* Everything that can go wrong with a request, as one type (RFC 9457 on the wire). */

export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly errors: FieldError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Problem';
  }

  static unreachable(cause: unknown): Problem {
    const message = 'The server cannot be reached.';
    return new Problem(0, 'unreachable', message, null, [], { cause });
  }

  /** The server no longer knows this device. */
  static loggedOut(): Problem {
    return new Problem(401, 'logged_out', 'You were logged out on this device. Log in to go on.');
  }

  /** Whatever was thrown, as a problem. */
  static of(cause: unknown): Problem {
    if (cause instanceof Problem) return cause;
    // What fetch throws: no network, a refused connection, a time-out.
    const network = cause instanceof TypeError || cause instanceof DOMException;
    if (network || !(cause instanceof Error)) return Problem.unreachable(cause);
    return new Problem(400, 'app', cause.message, null, [], { cause });
  }

  static from(response: Response, body: unknown): Problem {
    const { code, detail, title, request_id, errors } = (body ?? {}) as Record<string, unknown>;
    const words = [errorDetail(errors), detail, title].find((text) => typeof text === 'string');
    return new Problem(
      response.status,
      typeof code === 'string' ? code : `http_${response.status}`,
      (words as string | undefined) ?? `The server answered ${response.status}.`,
      typeof request_id === 'string' ? request_id : response.headers.get('request-id'),
      Array.isArray(errors) ? (errors as FieldError[]) : [],
    );
  }

  /** Trying the same again may work: nothing is wrong with the request itself. */
  get isPassing(): boolean {
    return this.status === 0 || [408, 425, 429].includes(this.status) || this.status >= 500;
  }
}

/** A single wrong field says more than "some fields are wrong". */
function errorDetail(errors: unknown): string | undefined {
  const [first] = Array.isArray(errors) ? (errors as FieldError[]) : [];
  return first?.detail;
}
