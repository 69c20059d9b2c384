package dev.tidepool.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.agent.config.Settings.Origin;
import dev.tidepool.agent.config.SettingsReader.Result;
import dev.tidepool.rewriting.RewritingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
  @TempDir Path directory;

  private static Result read(String options) {
    return SettingsReader.read(options, new Properties(), Map.of());
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    Result result = read(null);
    assertThat(result.complaints()).isEmpty();
    for (Key key : Key.values()) {
      assertThat(result.settings().entry(key))
          .isEqualTo(new Settings.Entry(key.byDefault(), Origin.DEFAULT));
    }
  }

  @Test
  void argumentsWinOverPropertiesOverEnvironmentOverFile() throws IOException {
    Path file = directory.resolve("t.properties");
    Files.writeString(file, "mode=observe\npooling=off\npooling.verify=poison\ngc.cpu-target=9%\n");
    Properties properties = new Properties();
    properties.setProperty("tidepool.mode", "observe");
    properties.setProperty("tidepool.pooling", "observe");
    Map<String, String> environment =
        Map.of("TIDEPOOL_POOLING", "off", "TIDEPOOL_POOLING_VERIFY", "off");
    Result result = SettingsReader.read("mode=auto,config=" + file, properties, environment);
    Settings settings = result.settings();
    assertThat(result.complaints()).isEmpty();
    assertThat(settings.entry(Key.MODE)).isEqualTo(new Settings.Entry("auto", Origin.ARGUMENT));
    assertThat(settings.entry(Key.POOLING))
        .isEqualTo(new Settings.Entry("observe", Origin.PROPERTY));
    assertThat(settings.entry(Key.POOLING_VERIFY))
        .isEqualTo(new Settings.Entry("off", Origin.ENVIRONMENT));
    assertThat(settings.entry(Key.GC_CPU_TARGET)).isEqualTo(new Settings.Entry("9%", Origin.FILE));
  }

  @Test
  void theRemediesThatCanBeSwitchedOffAreThoseThatThereAre() {
    String all = String.join(";", RewritingSettings.REMEDIES);
    assertThat(read("pooling.without=" + all).complaints()).isEmpty();
    assertThat(Key.POOLING_WITHOUT.kind().description()).contains(RewritingSettings.REMEDIES);
    assertThat(read("pooling.without=Presize;Magic").complaints()).hasSize(1);
  }

  @Test
  void theEmergencyCollectionIsOnUnlessSwitchedOff() {
    assertThat(read("mode=auto").settings().value(Key.TUNING_EMERGENCY_GC)).isEqualTo("on");
    assertThat(read("tuning.emergency-gc=off").settings().value(Key.TUNING_EMERGENCY_GC))
        .isEqualTo("off");
    assertThat(read("tuning.emergency-gc=seldom").complaints()).hasSize(1);
  }

  @Test
  void theDelayOfTheUncommitMayBeWrittenUnlessSwitchedOff() {
    assertThat(read("mode=auto").settings().value(Key.TUNING_UNCOMMIT_DELAY)).isEqualTo("on");
    assertThat(read("tuning.uncommit-delay=off").settings().value(Key.TUNING_UNCOMMIT_DELAY))
        .isEqualTo("off");
    assertThat(read("tuning.uncommit-delay=20").complaints()).hasSize(1);
    assertThat(Key.TUNING_UNCOMMIT_DELAY.isChangeable()).isTrue();
  }

  @Test
  void anUnknownKeyIsAnsweredWithTheNearest() {
    assertThat(read("poolng.budget=3%").complaints())
        .containsExactly("unknown key \"poolng.budget\", did you mean \"pooling.budget\"?");
  }

  @Test
  void aBadValueIsOneLineAndTheDefaultHolds() {
    Result result = read("pooling.budget=lots,mode=observe,gc.cpu-target=500%");
    assertThat(result.complaints())
        .containsExactly(
            "pooling.budget cannot be \"lots\": it takes a size such as 64m or a share such as"
                + " 5%; 5% is used",
            "gc.cpu-target cannot be \"500%\": it takes a share such as 5%; 5% is used");
    assertThat(result.settings().value(Key.MODE)).isEqualTo("observe");
  }

  @Test
  void anUnreadableFileIsOneLine() {
    assertThat(read("config=/nowhere/at/all").complaints())
        .containsExactly("cannot read config file /nowhere/at/all, going on without it");
  }

  @Test
  void variablesOfAnOrchestratorAreNotOurs() {
    Map<String, String> environment =
        Map.of("TIDEPOOL_SERVICE_HOST", "10.0.0.1", "TIDEPOOL_TEST_JDKS", "/a:/b");
    assertThat(SettingsReader.read(null, new Properties(), environment).complaints()).isEmpty();
  }

  @Test
  void aSlipInTheEnvironmentIsTold() {
    Map<String, String> environment = Map.of("TIDEPOOL_POLING", "off");
    assertThat(SettingsReader.read(null, new Properties(), environment).complaints())
        .containsExactly("unknown TIDEPOOL_POLING, did you mean TIDEPOOL_POOLING?");
  }

  @Test
  void sizesAreReadInEveryUnit() {
    assertThat(Units.bytes("4096")).isEqualTo(4096);
    assertThat(Units.bytes("64k")).isEqualTo(64 << 10);
    assertThat(Units.bytes("600M")).isEqualTo(600L << 20);
    assertThat(Units.bytes("2GiB")).isEqualTo(2L << 30);
    assertThat(Units.share("5%")).isEqualTo(0.05);
    assertThat(Units.share("0.25")).isEqualTo(0.25);
  }
}
