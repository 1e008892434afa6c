import com.pb.spectrum.GreetPerson;
import com.pb.spectrum.GreetPerson_Service;
import com.pb.spectrum.ServiceInvocationFault_Exception;
import com.pb.spectrum.platform.server.common.security.token.TokenInfo;
import com.pb.spectrum.platform.server.common.security.token.TokenLogoutService;
import com.pb.spectrum.platform.server.common.security.token.TokenLogoutServiceImplService;
import com.pb.spectrum.platform.server.common.security.token.TokenManagerService;
import com.pb.spectrum.platform.server.common.security.token.TokenManagerServiceImplService;
import com.pb.spectrum.services.greetperson.GreetPersonRequest;
import com.pb.spectrum.services.greetperson.InputPortPerson;
import com.pb.spectrum.services.greetperson.InputPortPersonList;
import com.pb.spectrum.services.greetperson.Options;
import jakarta.xml.ws.BindingProvider;
import jakarta.xml.ws.WebServiceException;
import jakarta.xml.ws.handler.MessageContext;
import java.net.URL;
import java.util.List;
import java.util.Map;

/** Calls everything by its stubs and prints a line of what came back for each: origin, user name, password. */
public class Main {
  public static void main(String[] arguments) throws Exception {
    Login login = new Login(arguments[0], arguments[1], arguments[2]);
    for (String line : Calls.callAll(login)) System.out.println(line);
    System.out.println("fault: " + readFault(login));
    TokenManagerService manager =
        new TokenManagerServiceImplService(login.wsdlOf("/security/TokenManagerService")).getTokenManagerServiceImplPort();
    login.signIn(manager);
    TokenInfo token = manager.getAccessExpiringToken(5);
    System.out.println("token of " + token.getUsername() + ": " + greet(login, token));
    System.out.println("endless token: " + greet(login, manager.getAccessToken()));
    System.out.println("open token: " + greet(login, manager.getAccessRemoteHostToken()));
    System.out.println("expiring open token: " + greet(login, manager.getAccessExpiringRemoteHostToken(5)));
    TokenLogoutService logout =
        new TokenLogoutServiceImplService(login.wsdlOf("/security/TokenLogoutService")).getTokenLogoutServiceImplPort();
    show(logout, token);
    logout.logout();
    System.out.println("after logout: " + greet(login, token));
  }

  private static String readFault(Login login) {
    try {
      GreetPersonRequest request = new GreetPersonRequest();
      request.setOptions(new Options());
      request.getOptions().setTone("Shrill");
      GreetPerson port = greeter(login);
      login.signIn(port);
      port.greetPerson(request);
      return "none";
    } catch (ServiceInvocationFault_Exception fault) {
      return fault.getFaultInfo().getMessage();
    }
  }

  private static String greet(Login login, TokenInfo token) throws ServiceInvocationFault_Exception {
    InputPortPerson person = new InputPortPerson();
    person.setFirstName("Ann");
    GreetPersonRequest request = new GreetPersonRequest();
    request.setInputPort(new InputPortPersonList());
    request.getInputPort().getPerson().add(person);
    GreetPerson port = greeter(login);
    show(port, token);
    try {
      return port.greetPerson(request).getOutputPort().getGreeting().get(0).getGreeting();
    } catch (WebServiceException refusal) {
      return refusal.getMessage();
    }
  }

  private static GreetPerson greeter(Login login) {
    return new GreetPerson_Service(login.wsdlOf("/soap/GreetPerson")).getGreetPersonPort();
  }

  /** Two header lines, one for each cookie. */
  private static void show(Object port, TokenInfo token) {
    List<String> cookies = List.of("spectrum.authentication.token=" + token.getToken(), "SESSION=" + token.getSession());
    ((BindingProvider) port).getRequestContext().put(MessageContext.HTTP_REQUEST_HEADERS, Map.of("Cookie", cookies));
  }
}

/** Where the cluster is and who calls it. */
record Login(String origin, String user, String password) {
  URL wsdlOf(String path) {
    try {
      return new URL(origin + path + "?wsdl");
    } catch (java.net.MalformedURLException error) {
      throw new IllegalArgumentException(error);
    }
  }

  void signIn(Object port) {
    Map<String, Object> context = ((BindingProvider) port).getRequestContext();
    context.put(BindingProvider.USERNAME_PROPERTY, user);
    context.put(BindingProvider.PASSWORD_PROPERTY, password);
  }
}
