import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ServiceDefinition } from '../../server/services/index.ts';
import { demonstrationValues } from './demonstration-places.ts';

const sources = join(__dirname, 'java');

/** Fetches the JAX-WS tools into `folder`; false where Java or Maven is missing or the download fails. */
export function installJavaTools(folder: string): boolean {
  const options = { cwd: folder, stdio: 'pipe', timeout: 150_000 } as const;
  try {
    for (const program of ['java', 'javac']) execFileSync(program, ['-version'], options);
    cpSync(join(sources, 'pom.xml'), join(folder, 'pom.xml'));
    execFileSync('mvn', ['-q', '-B', '-ntp', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], options);
    return true;
  } catch {
    return false;
  }
}

/** Makes stubs of the WSDLs at `paths`, compiles them with the callers of `services`, and returns the lines they print. */
export async function callByJavaStubs(
  folder: string,
  services: readonly ServiceDefinition[],
  { origin, paths, user, password }: { origin: string; paths: readonly string[]; user: string; password: string },
): Promise<readonly string[]> {
  const stubs = join(folder, 'stubs');
  const classes = join(folder, 'classes');
  for (const each of [stubs, classes]) mkdirSync(each);
  const libraries = join(folder, 'lib', '*');
  const wsdls = paths.map((path) => `${origin}${path}?wsdl`);
  await run('java', ['-cp', libraries, join(sources, 'ImportWsdls.java'), stubs, ...wsdls]);
  writeFileSync(join(stubs, 'Calls.java'), formatCallers(services));
  cpSync(join(sources, 'Main.java'), join(stubs, 'Main.java'));
  const files = readdirSync(stubs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.java'));
  await run('javac', ['-nowarn', '-cp', libraries, '-d', classes, ...files.map((file) => join(stubs, file))]);
  const output = await run('java', ['-cp', [libraries, classes].join(delimiter), 'Main', origin, user, password]);
  return output.trim().split('\n');
}

/** Not synchronous: the cluster that answers lives in this process. */
function run(program: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, parameters, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
}

/** Java that fills two typed rows for each service, as somebody with these stubs would write it. */
function formatCallers(services: readonly ServiceDefinition[]): string {
  return `import java.util.ArrayList;
import java.util.List;

class Calls {
  static List<String> callAll(Login login) throws Exception {
    List<String> lines = new ArrayList<>();
${services.map(({ name }) => `    lines.add(call${name}(login));`).join('\n')}
    return lines;
  }
${services.map(formatCaller).join('')}}
`;
}

function formatCaller({ name, input, output }: ServiceDefinition): string {
  const payload = `com.pb.spectrum.services.${name.toLowerCase()}`;
  const row = `${payload}.${javaName(input.port)}${javaName(input.row)}`;
  const setters = input.fields.map(
    (field) => `      row.set${javaName(field.name)}(${JSON.stringify(demonstrationValues[field.name] ?? '')});`,
  );
  return `
  static String call${name}(Login login) throws Exception {
    ${row}List rows = new ${row}List();
    for (String id : List.of("1", "2")) {
      ${row} row = new ${row}();
${setters.join('\n')}
      ${payload}.UserField field = new ${payload}.UserField();
      field.setName("id");
      field.setValue(id);
      row.setUserFields(new ${payload}.UserFields());
      row.getUserFields().getUserField().add(field);
      rows.get${javaName(input.row)}().add(row);
    }
    ${payload}.${name}Request request = new ${payload}.${name}Request();
    request.set${javaName(input.port)}(rows);
    com.pb.spectrum.${name} port = new com.pb.spectrum.${name}_Service(login.wsdlOf("/soap/${name}")).get${name}Port();
    login.signIn(port);
    List<String> ids = port.${name.charAt(0).toLowerCase()}${name.slice(1)}(request).get${javaName(output.port)}().get${javaName(output.row)}().stream()
        .map(row -> row.getUserFields().getUserField().get(0).getValue()).distinct().toList();
    return "${name}: " + String.join(" ", ids);
  }
`;
}

/** Name of a property or a class as JAXB derives it from that of an element. */
function javaName(name: string): string {
  return name
    .split(/[._-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
