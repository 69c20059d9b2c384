package dev.tidepool.tuning.signals;

import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Effect;
import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.Timeline;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timestamp;

/**
 * Events of the agent's own for any recording that is running; loaded only beside {@code jdk.jfr}.
 */
final class JfrTimeline implements Timeline {

  @Name("dev.tidepool.Decision")
  @Label("Decision")
  @Description("A lever that was moved, with the reason")
  @Category("Tidepool")
  @StackTrace(false)
  static final class DecisionEvent extends Event {
    @Label("Number")
    long number;

    @Label("Lever")
    String lever;

    @Label("From")
    String from;

    @Label("To")
    String to;

    @Label("Reason")
    String reason;

    @Label("Outcome")
    @Description("PENDING at first; shown again with the same number once it is known")
    String outcome;

    @Label("Effect")
    String effect;

    @Label("Decided")
    @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
    long decided;
  }

  @Name("dev.tidepool.Pressure")
  @Label("Pressure")
  @Description("The pressure's level has changed")
  @Category("Tidepool")
  @StackTrace(false)
  static final class PressureEvent extends Event {
    @Label("Level")
    String level;

    @Label("Ratio")
    double ratio;

    @Label("Cause")
    String cause;
  }

  @Override
  public void decision(Decision decision) {
    DecisionEvent event = new DecisionEvent();
    event.number = decision.id();
    event.lever = decision.lever();
    event.from = decision.from();
    event.to = decision.to();
    event.reason = decision.reason();
    event.outcome = decision.outcome().name();
    event.effect = decision.effect().map(Effect::summary).orElse("");
    event.decided = decision.time().toEpochMilli();
    event.commit();
  }

  @Override
  public void pressure(Pressure pressure) {
    PressureEvent event = new PressureEvent();
    event.level = pressure.level().name();
    event.ratio = pressure.ratio();
    event.cause = pressure.cause();
    event.commit();
  }

  @Override
  public void close() {
    FlightRecorder.unregister(DecisionEvent.class);
    FlightRecorder.unregister(PressureEvent.class);
  }
}
