package dev.tidepool.tuning.levers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The way through the VM's tables to one flag, where a wrong step would end the process. */
class VmTablesTest {
  private static final String DELAY = "ZUncommitDelay";

  private final FakeVm vm = new FakeVm();

  private long find(String flag) {
    return new VmTables(vm).addressOf(flag);
  }

  @Test
  void aFlagIsFoundByItsWholeName() {
    assertThat(find(DELAY)).isEqualTo(vm.delayAddress);
    for (String other : List.of("ZUncommitDela", "ZUncommitDelays", "", "uncommit")) {
      assertThatThrownBy(() -> find(other)).hasMessageContaining("not among the flags");
    }
  }

  @Test
  void aFlagOfAnotherTypeIsNone() {
    assertThatThrownBy(() -> find("ZUncommit")).hasMessageContaining("the type of ZUncommit");
  }

  @Test
  void whateverSymbolIsMissingNothingIsReadAndItIsNamed() {
    for (String symbol : List.copyOf(vm.symbols.keySet())) {
      long at = vm.symbols.remove(symbol);
      assertThatThrownBy(() -> find(DELAY))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("it does not export " + symbol);
      vm.symbols.put(symbol, at);
    }
    assertThat(find(DELAY)).isEqualTo(vm.delayAddress);
  }

  @Test
  void whateverWordIsOfNoUseNoOtherAddressIsRead() {
    for (long at : vm.words) {
      if (at == vm.delayAddress) {
        continue;
      }
      long was = vm.longAt(at);
      for (long other : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        // A pointer that is wrong but looks like one cannot be told; tables never hold those.
        if (isPointer(was) && other != 0) {
          continue;
        }
        vm.set(at, other);
        try {
          assertThat(find(DELAY)).isEqualTo(vm.delayAddress);
        } catch (IllegalStateException told) {
          assertThat(told.getMessage()).startsWith("the VM's tables do not show it: ");
        }
      }
      vm.set(at, was);
    }
  }

  private static boolean isPointer(long word) {
    return word > 1L << 33;
  }

  @Test
  void aWriteIsCheckedBeforeAndAfter() {
    UnmanagedFlag flag = UnmanagedFlag.find(DELAY, vm, vm);
    flag.accept(20);
    assertThat(vm.longAt(vm.delayAddress)).isEqualTo(20);
    vm.shown = 77;
    assertThatThrownBy(() -> flag.accept(60)).hasMessageContaining("is shown as 77");
    assertThat(vm.puts).isEqualTo(1);
    assertThatThrownBy(() -> UnmanagedFlag.find(DELAY, vm, vm))
        .hasMessageContaining("reads 20 by its address but is shown as 77");
    vm.shown = 20;
    assertThatThrownBy(() -> flag.accept(60)).hasMessageContaining("put back");
    assertThat(vm.longAt(vm.delayAddress)).isEqualTo(20);
  }

  private UncommitDelayLever lever() {
    return UncommitDelayLever.find(vm, (flags, name) -> UnmanagedFlag.find(name, flags, vm));
  }

  @Test
  void theLeverStaysWithinOneAndWhatItWasAndGoesBack() {
    UncommitDelayLever lever = lever();
    assertThat(lever.set(0)).isEqualTo(1);
    assertThat(lever.set(5_000)).isEqualTo(300);
    assertThat(lever.active()).isFalse();
    lever.set(20);
    assertThat(lever.active()).isTrue();
    lever.allow(false);
    assertThat(lever.value()).isEqualTo(300);
    assertThat(lever.blocked()).isEqualTo("tuning.uncommit-delay is off");
    assertThatThrownBy(() -> lever.set(20)).isInstanceOf(IllegalArgumentException.class);
    lever.allow(true);
    assertThat(lever.set(20)).isEqualTo(20);
    assertThat(lever.restore()).isTrue();
    assertThat(lever.value()).isEqualTo(300);
    assertThat(lever.writes()).isEqualTo(vm.puts);
  }

  @Test
  void aValueThatTheVmDoesNotShowBlocksTheLever() {
    UncommitDelayLever lever = lever();
    vm.shown = 300;
    assertThatThrownBy(() -> lever.set(20)).isInstanceOf(IllegalArgumentException.class);
    assertThat(vm.longAt(vm.delayAddress)).isEqualTo(300);
    assertThat(lever.blocked()).contains("put back");
    int puts = vm.puts;
    assertThatThrownBy(() -> lever.set(20)).isInstanceOf(IllegalArgumentException.class);
    assertThat(lever.restore()).isTrue();
    assertThat(vm.puts).isEqualTo(puts);
  }

  @Test
  void whatIsAUsersOrHasNoEffectIsNotLookedFor() {
    vm.userSet = true;
    UnmanagedFlags nobody =
        (flags, name) -> {
          throw new AssertionError("looked for");
        };
    UncommitDelayLever users = UncommitDelayLever.find(vm, nobody);
    assertThat(users.blocked()).isEqualTo("ZUncommitDelay was set by the user");
    assertThatThrownBy(() -> users.set(20)).isInstanceOf(IllegalArgumentException.class);
    vm.userSet = false;
    vm.uncommit = "false";
    assertThat(UncommitDelayLever.find(vm, nobody).blocked()).contains("ZUncommit is off");
  }
}
