namespace EdgeGateway.Rules.Logs;

/// <summary>The log groups that `cloudwatchLogs` writes.</summary>
public interface ILogGroups
{
    IReadOnlyList<string> All { get; }

    /// <summary>The newest, oldest of them first.</summary>
    /// <param name="filter">Only those that contain this text.</param>
    IReadOnlyList<LogEvent> Read(string group, string? filter, DateTimeOffset? since, int limit);

    /// <returns>False where there is none.</returns>
    bool Delete(string group);
}
