using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace EdgeGateway.Api;

/// <summary>
/// How much the gateway writes to its log; may be changed while it runs. Where things, clients, addresses or principals have a level of their
/// own, the filter lets the lowest of all levels through, and <see cref="IsWanted"/> looks at each entry.
/// </summary>
internal sealed class GatewayLogLevel : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private const string Ours = nameof(EdgeGateway);
    private readonly Lock _gate = new();                               // guards _changed
    private CancellationTokenSource _changed = new();
    private volatile Settings _settings = new(LogLevel.Information, [], static _ => []);

    public string? Name => Options.DefaultName;

    /// <summary>Of all entries that no target is named for.</summary>
    public LogLevel Level => _settings.Level;

    public void Set(LogLevel level) => Set(level, [], static _ => []);

    /// <param name="groupsOf">Names of the groups a thing is in, with their ancestors.</param>
    public void Set(LogLevel level, IReadOnlyList<LogTarget> targets, Func<string, IReadOnlyList<string>> groupsOf)
    {
        CancellationTokenSource old;
        lock (_gate)
        {
            _settings = new(level, targets, groupsOf);
            (old, _changed) = (_changed, new());
        }
        old.Cancel();
        old.Dispose();
    }

    /// <summary>Asked of each entry that is to be written. The most talkative of the targets that match decides.</summary>
    public bool IsWanted<TState>(string category, LogLevel level, TState state)
    {
        var settings = _settings;
        if (settings.Targets.Count == 0 || !category.StartsWith(Ours, StringComparison.Ordinal))
            return true;                                               // the filter has judged
        var wanted = state is IReadOnlyList<KeyValuePair<string, object?>> values ? settings.LevelFor(LogSubject.Of(values)) : settings.Level;
        return level >= wanted;
    }

    public void Configure(LoggerFilterOptions options) => options.Rules.Add(new LoggerFilterRule(providerName: null, categoryName: Ours, _settings.Lowest, filter: null));

    public IChangeToken GetChangeToken()
    {
        lock (_gate)
            return new CancellationChangeToken(_changed.Token);
    }

    private sealed record Settings(LogLevel Level, IReadOnlyList<LogTarget> Targets, Func<string, IReadOnlyList<string>> GroupsOf)
    {
        public LogLevel Lowest => Targets.Aggregate(Level, static (lowest, target) => target.Level < lowest ? target.Level : lowest);

        public LogLevel LevelFor(LogSubject subject)
        {
            LogLevel? wanted = null;
            foreach (var target in Targets)
                if (Matches(target, subject) && (wanted is null || target.Level < wanted))
                    wanted = target.Level;
            return wanted ?? Level;
        }

        private bool Matches(LogTarget target, LogSubject subject) => target.Type switch
        {
            "CLIENT_ID" => subject.ClientId == target.Name,
            "PRINCIPAL_ID" => subject.Principal == target.Name,
            "SOURCE_IP" => subject.Address is { } address && IPAddress.TryParse(target.Name, out var wanted) && LogSubject.Plain(wanted).Equals(address),
            "THING_GROUP" => subject.Thing is { } thing && GroupsOf(thing).Contains(target.Name),
            _ => false,
        };
    }
}
