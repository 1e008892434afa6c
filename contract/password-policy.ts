/** What passwords must be like; the setting `password-policy` of the whole cluster. */
export interface PasswordPolicy {
  readonly minimumLength: number;
  /** One of the special characters is needed (platform reference section 2.1). */
  readonly specialCharacter: boolean;
}

export const passwordPolicySetting = 'password-policy';

export const defaultPasswordPolicy: PasswordPolicy = { minimumLength: 8, specialCharacter: true };

export const longestPassword = 256;
const specialCharacters = '& * @ ^ $ " # % !';

/** What is wrong with a password under a policy, as what to send instead; undefined when nothing is. */
export function findPasswordProblem(password: unknown, policy: PasswordPolicy): string | undefined {
  const { minimumLength, specialCharacter } = policy;
  const length = typeof password === 'string' ? password.length : 0;
  const isLong = length >= minimumLength && length <= longestPassword;
  const isSpecial = typeof password === 'string' && /[&*@^$"#%!]/.test(password);
  if (isLong && (isSpecial || !specialCharacter)) return undefined;
  const special = specialCharacter ? ` with at least one of ${specialCharacters}` : '';
  return `send text of ${minimumLength} to ${longestPassword} characters${special}`;
}
