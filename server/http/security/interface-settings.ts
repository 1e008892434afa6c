import { defaultSetting, type SettingValue } from '../../../contract/known-settings.ts';
import type { ConfigurationSnapshot } from '../../configuration/index.ts';

/** Who must say who they are, and how; the setting `authentication` of the whole cluster. */
export type InterfaceSettings = SettingValue<'authentication'>;

/** As a Spectrum server comes (rest-soap-conventions section 6). */
const defaultInterfaceSettings = defaultSetting('authentication');

/** The settings in force; whatever is not a boolean counts as its default, which is the stricter choice. */
export function readInterfaceSettings(snapshot: ConfigurationSnapshot): InterfaceSettings {
  const saved = snapshot.find<{ readonly value: unknown }>('setting', 'authentication')?.value.value;
  if (typeof saved !== 'object' || saved === null) return defaultInterfaceSettings;
  const fields = saved as Partial<Record<keyof InterfaceSettings, unknown>>;
  const isOn = (name: keyof InterfaceSettings) => fields[name] !== false;
  return { rest: isOn('rest'), soap: isOn('soap'), basic: isOn('basic'), tokenHostCheck: isOn('tokenHostCheck') };
}
