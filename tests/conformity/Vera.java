import java.io.FileInputStream;
import java.io.InputStream;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Judges every file by every flavour, "3a,ua1 a.pdf b.pdf": one line each, flavour, file, broken rules. */
public class Vera {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (int i = 1; i < arguments.length; i++)
      for (String flavour : arguments[0].split(","))
        System.out.println(String.join("\t", flavour, arguments[i], broken(flavour, arguments[i])));
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
