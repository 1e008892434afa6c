import com.sun.tools.ws.wscompile.WsimportTool;

/** Writes the stubs of WSDLs into a folder: the folder, then the address of each WSDL. One process for all of them. */
public class ImportWsdls {
  public static void main(String[] arguments) throws Exception {
    for (int index = 1; index < arguments.length; index++) {
      String[] options = {"-Xnocompile", "-keep", "-quiet", "-d", arguments[0], "-s", arguments[0], arguments[index]};
      if (!new WsimportTool(System.err).run(options)) throw new IllegalStateException("no stubs of " + arguments[index]);
    }
  }
}
