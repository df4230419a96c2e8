namespace EdgeGateway.Rules.Alarms;

/// <summary>Alarms that rules set (`cloudwatchAlarm`). Each change of state is published on `$aws/events/alarm/NAME`.</summary>
/// <remarks>Thread-safe; changes are durable when their task completes.</remarks>
public interface IAlarms
{
    IReadOnlyList<Alarm> All { get; }

    /// <summary>Newest first.</summary>
    /// <param name="name">Null: of all alarms.</param>
    IReadOnlyList<AlarmEvent> History(string? name, int limit);

    /// <returns>False where there is none.</returns>
    Task<bool> AcknowledgeAsync(string name, string who);

    /// <summary>With its history.</summary>
    /// <returns>False where there was none.</returns>
    Task<bool> DeleteAsync(string name);
}
