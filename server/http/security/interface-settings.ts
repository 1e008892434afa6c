import type { ConfigurationSnapshot } from '../../configuration/index.ts';

/** Who must say who they are, and how; the setting `authentication` of the whole cluster. */
export interface InterfaceSettings {
  /** False lets anybody call the services over REST. */
  readonly rest: boolean;
  /** False lets anybody call the services over SOAP. */
  readonly soap: boolean;
  /** False takes only tokens for service calls; a token itself is still given for user name and password. */
  readonly basic: boolean;
  /** False accepts a session token from another computer than the one that got it. */
  readonly tokenHostCheck: boolean;
}

export const authenticationSetting = 'authentication';

/** As a Spectrum server comes (rest-soap-conventions section 6). */
export const defaultInterfaceSettings: InterfaceSettings = {
  rest: true,
  soap: true,
  basic: true,
  tokenHostCheck: true,
};

/** The settings in force; whatever is not a boolean counts as its default, which is the stricter choice. */
export function readInterfaceSettings(snapshot: ConfigurationSnapshot): InterfaceSettings {
  const saved = snapshot.find<{ readonly value: unknown }>('setting', authenticationSetting)?.value.value;
  if (typeof saved !== 'object' || saved === null) return defaultInterfaceSettings;
  const fields = saved as Partial<Record<keyof InterfaceSettings, unknown>>;
  const isOn = (name: keyof InterfaceSettings) => fields[name] !== false;
  return { rest: isOn('rest'), soap: isOn('soap'), basic: isOn('basic'), tokenHostCheck: isOn('tokenHostCheck') };
}
