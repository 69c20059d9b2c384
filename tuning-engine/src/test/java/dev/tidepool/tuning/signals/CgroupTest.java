package dev.tidepool.tuning.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.tuning.Snapshot.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {
  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void ofVersionOneTheLowestLimitOfNestedGroupsBinds() throws IOException {
    file("proc/self/cgroup", "5:cpu:/\n4:memory:/pod/app\n");
    file(
        "proc/self/mountinfo", "30 20 0:25 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/memory/pod/memory.limit_in_bytes", "500000000\n");
    file("sys/fs/cgroup/memory/pod/app/memory.limit_in_bytes", "800000000\n");
    file("sys/fs/cgroup/memory/pod/app/memory.usage_in_bytes", "300000000\n");
    file("sys/fs/cgroup/memory/pod/app/memory.stat", "cache 1\ntotal_inactive_file 50000000\n");
    file("sys/fs/cgroup/memory/pod/memory.usage_in_bytes", "540000000\n");
    file(
        "sys/fs/cgroup/memory/pod/memory.stat",
        "total_inactive_file 60000000\ntotal_active_file 9000000\n");
    Container read = Cgroup.find(root.toFile()).orElseThrow().read();
    assertThat(read.limitBytes()).isEqualTo(500_000_000);
    assertThat(read.workingSetBytes()).isEqualTo(480_000_000);
    assertThat(read.othersBytes()).isEqualTo(230_000_000);
    assertThat(read.activeFileBytes()).isEqualTo(9_000_000);
  }

  @Test
  void aGroupWithLessRoomBindsThoughALowerLimitStandsAroundOthers() throws IOException {
    file("proc/self/cgroup", "0::/pod/app\n");
    file("proc/self/mountinfo", "30 20 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    file("sys/fs/cgroup/pod/memory.max", "900000000\n");
    file("sys/fs/cgroup/pod/memory.current", "880000000\n");
    file("sys/fs/cgroup/pod/app/memory.max", "600000000\n");
    file("sys/fs/cgroup/pod/app/memory.current", "300000000\n");
    Cgroup group = Cgroup.find(root.toFile()).orElseThrow();
    assertThat(group.read().limitBytes()).isEqualTo(900_000_000);
    assertThat(group.read().othersBytes()).isEqualTo(580_000_000);
    assertThat(group.limitBytes()).isEqualTo(600_000_000);
  }

  @Test
  void ofVersionOneALimitAroundTheContainerIsToldByTheGroupItself() throws IOException {
    file("proc/self/cgroup", "4:memory:/kubepods/pod1/abc\n");
    file(
        "proc/self/mountinfo",
        "30 20 0:25 /kubepods/pod1/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "100000000\n");
    file("sys/fs/cgroup/memory/memory.stat", "hierarchical_memory_limit 500000000\n");
    Cgroup group = Cgroup.find(root.toFile()).orElseThrow();
    assertThat(group.limitBytes()).isEqualTo(500_000_000);
    assertThat(group.read().limitBytes()).isEqualTo(500_000_000);
  }

  @Test
  void ofVersionTwoMaxAndHighAreReadAndMaxMeansNone() throws IOException {
    file("proc/self/cgroup", "0::/app\n");
    file("proc/self/mountinfo", "30 20 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    file("sys/fs/cgroup/app/memory.max", "max\n");
    file("sys/fs/cgroup/app/memory.high", "700000000\n");
    file("sys/fs/cgroup/app/memory.current", "300000000\n");
    file("sys/fs/cgroup/app/memory.stat", "anon 5\ninactive_file 100000000\n");
    file("sys/fs/cgroup/app/memory.pressure", "some avg10=12.50 avg60=0 avg300=0 total=0\n");
    Container read = Cgroup.find(root.toFile()).orElseThrow().read();
    assertThat(read.limitBytes()).isEqualTo(700_000_000);
    assertThat(read.workingSetBytes()).isEqualTo(200_000_000);
    assertThat(read.stallRatio()).isEqualTo(0.125);
  }

  @Test
  void insideAContainerTheHostsPathIsReadFromTheMountsRoot() throws IOException {
    file("proc/self/cgroup", "4:memory:/docker/abc\n");
    file(
        "proc/self/mountinfo",
        "30 20 0:25 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "600000000\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "100000000\n");
    Cgroup group = Cgroup.find(root.toFile()).orElseThrow();
    assertThat(group.limitBytes()).isEqualTo(600_000_000);
  }

  @Test
  void withoutAControllerThereIsNone() throws IOException {
    file("proc/self/cgroup", "0::/\n");
    file("proc/self/mountinfo", "30 20 0:25 / /proc rw - proc proc rw\n");
    assertThat(Cgroup.find(root.toFile())).isEmpty();
  }
}
