/** What a token says, sealed so that nobody outside can read or change it. */
export interface TokenClaims {
  readonly id: string;
  readonly user: string;
  /** The user's token generation at issue; raising it ends every token of the user. */
  readonly generation: number;
  readonly issuedAtMs: number;
  /** 0 for a token without an end. */
  readonly expiresAtMs: number;
  /** Present in session tokens only. */
  readonly session?: TokenSession;
}

interface TokenSession {
  readonly id: string;
  /** The computer that asked for the token. */
  readonly host: string;
}

/** The claims in an unsealed token; undefined when another program sealed something else. */
export function parseClaims(text: string): TokenClaims | undefined {
  try {
    const claims = JSON.parse(text) as Partial<TokenClaims>;
    return typeof claims.id === 'string' && typeof claims.user === 'string' ? (claims as TokenClaims) : undefined;
  } catch {
    return undefined;
  }
}
