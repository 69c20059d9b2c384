package dev.tidepool.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Imports point one way: agent, tuning engine, rewriting, pools. */
class ArchitectureTest {
  private static final String AGENT = "dev.tidepool.agent..";
  private static final String TUNING = "dev.tidepool.tuning..";
  private static final String REWRITING = "dev.tidepool.rewriting..";
  private static final String POOLS = "dev.tidepool.pools..";

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tidepool");

  @Test
  void nobodyImportsTheAgent() {
    noClasses()
        .that()
        .resideInAnyPackage(TUNING, REWRITING, POOLS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(AGENT)
        .check(house);
  }

  @Test
  void rewritingDoesNotKnowTheTuningEngine() {
    noClasses()
        .that()
        .resideInAnyPackage(REWRITING, POOLS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(TUNING)
        .check(house);
  }

  @Test
  void poolsImportTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage(POOLS)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(POOLS, "java..", "jdk..")
        .check(house);
  }

  @Test
  void whatPremainRunsIsSelfContained() {
    classes()
        .that()
        .resideInAPackage("dev.tidepool.agent.boot..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.tidepool.agent.boot..",
            "java.io..",
            "java.lang..",
            "java.net..",
            "java.security..",
            "java.util..")
        .andShould()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages("java.util.logging..", "java.util.regex..", "java.util.stream..")
        .check(house);
  }
}
