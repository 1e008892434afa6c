/** What one deployment is made of. Every option is a typed field; nothing is read from the environment. */
export interface DeploymentSettings {
  /** Prefix of every stack and table name: lower-case letters, digits and hyphens, at most 20. */
  readonly name: string;
  /** Home region, such as `us-east-1`. */
  readonly region: string;
}

/** Checks a deployment's settings and fills in the defaults; a wrong one is refused with a sentence that names it. */
export function parseSettings(settings: DeploymentSettings): DeploymentSettings {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(settings.name)) {
    throw new Error(`name: "${settings.name}" is not allowed; use up to 20 lower-case letters, digits and hyphens`);
  }
  return Object.freeze({ ...settings });
}
