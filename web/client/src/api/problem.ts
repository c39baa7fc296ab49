/** An expected refusal, as the server words it (RFC 9457), or that the server could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** A sentence in the reader's language; empty where there is none. */
    readonly detail: string,
    readonly errors: Readonly<Record<string, readonly string[]>> = {},
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(code)
  }

  static async from(response: Response): Promise<Problem> {
    let body: Record<string, unknown> = {}
    try {
      body = (await response.json()) as Record<string, unknown>
    } catch {
      // A proxy's page or nothing: the status has to do.
    }
    const code = typeof body.code === 'string' ? body.code : codeOf(response.status)
    const detail = typeof body.detail === 'string' ? body.detail : ''
    const errors = typeof body.errors === 'object' && body.errors !== null ? (body.errors as Record<string, string[]>) : {}
    return new Problem(response.status, code, detail, errors, body)
  }

  /** The network is gone, or the server is. */
  static unreachable(): Problem {
    return new Problem(0, 'unreachable', '')
  }
}

function codeOf(status: number): string {
  switch (status) {
    case 401:
      return 'signed-out'
    case 404:
      return 'not-found'
    case 429:
      return 'too-many-tries'
    case 503:
      return 'unavailable'
    default:
      return 'fault'
  }
}
