import java.io.FileInputStream;
import java.io.InputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Judges pairs of flavour and file, "3a a.pdf ua1 a.pdf": one line each, flavour, file, broken rules. */
public class Vera {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (int i = 0; i < arguments.length; i += 2)
      System.out.println(
          String.join("\t", arguments[i], arguments[i + 1], broken(arguments[i], arguments[i + 1])));
  }

  static String broken(String name, String file) throws Exception {
    PDFAFlavour flavour = PDFAFlavour.fromString(name);
    try (InputStream in = new FileInputStream(file);
        PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour)) {
      ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
      TreeSet<String> rules = new TreeSet<>();
      for (TestAssertion assertion : result.getTestAssertions())
        if (assertion.getStatus() == TestAssertion.Status.FAILED)
          rules.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber());
      if (!result.isCompliant() && rules.isEmpty()) rules.add("not compliant");
      return String.join(" ", rules);
    }
  }
}
