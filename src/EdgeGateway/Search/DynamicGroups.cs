using System.Collections.Concurrent;
using EdgeGateway.Registry;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Search;

/// <summary>Keeps the members of dynamic groups what their queries say, with every change of the index. Called by the index's one writer.</summary>
internal sealed partial class DynamicGroups(FleetSearch search, FleetIndex index, IndexSources sources, ILogger<DynamicGroups> logger) : IDynamicGroups
{
    private const int GroupsOfThing = 10, ThingsPerWrite = 500;
    private readonly ConcurrentDictionary<string, string> _evaluated = new(StringComparer.Ordinal); // group id → query whose members it has
    private readonly HashSet<string> _told = [];
    private bool _isOwed = true;                                                      // everything is to be looked at, whatever changed

    public DynamicGroupStatus StatusOf(string group) =>
        sources.Groups.Find(group) is not { Query: { } query, Id: var id } || !_evaluated.TryGetValue(id, out var evaluated) ? DynamicGroupStatus.Building
        : evaluated == query.QueryString && search.StatusOf(query.IndexName) == IndexStatus.Active ? DynamicGroupStatus.Active : DynamicGroupStatus.Rebuilding;

    /// <param name="changed">Things that are other than before.</param>
    /// <param name="everything">All are to be looked at.</param>
    public async Task ApplyAsync(IReadOnlyCollection<string> changed, bool everything, CancellationToken cancellationToken)
    {
        var dynamic = sources.Groups.All.Where(static group => group.Query is not null).OrderBy(static group => group.CreatedAt).ThenBy(static group => group.Name, StringComparer.Ordinal).ToList();
        if (dynamic.Count == 0 || search.StatusOf(IndexName.Things) != IndexStatus.Active)
        {
            _isOwed |= dynamic.Count > 0;
            return;
        }
        var groups = dynamic.Select(group => (Group: group, Query: Parse(group))).ToList();
        everything |= _isOwed || groups.Any(each => each.Query is not null && (!_evaluated.TryGetValue(each.Group.Id, out var query) || query != each.Group.Query!.QueryString));
        _isOwed = true;
        var writes = new List<(string, IReadOnlyList<string>)>();
        foreach (var thing in everything ? index.Things.Current.Select(static entry => entry.Name) : changed)
        {
            if (Wanted(thing, groups) is not { } wanted)
                continue;
            writes.Add((thing, wanted));
            if (writes.Count < ThingsPerWrite)
                continue;
            await sources.Groups.SetDynamicGroupsAsync(writes, cancellationToken);
            writes = [];
        }
        if (writes.Count > 0)
            await sources.Groups.SetDynamicGroupsAsync(writes, cancellationToken);
        _isOwed = false;
        foreach (var (group, query) in groups)
            if (query is not null)
                _evaluated[group.Id] = group.Query!.QueryString;
    }

    // Null: it is in the right ones. A group whose query cannot be asked keeps whom it has.
    private List<string>? Wanted(string thing, List<(ThingGroup Group, QueryNode? Query)> groups)
    {
        if (index.Things.Find(thing) is not { } entry)
            return null;
        var now = sources.DirectGroupsOf(thing).ToList();
        var room = GroupsOfThing - now.Count(static group => group.Query is null);
        var evaluator = new QueryEvaluator(seesDynamicGroups: false);
        var wanted = groups
            .Where(each => each.Query is { } query ? evaluator.Holds(query, entry) : now.Any(group => group.Name == each.Group.Name))
            .Select(static each => each.Group.Name).Take(Math.Max(0, room)).ToList();
        return now.Where(static group => group.Query is not null).Select(static group => group.Name).ToHashSet(StringComparer.Ordinal).SetEquals(wanted) ? null : wanted;
    }

    private QueryNode? Parse(ThingGroup group)
    {
        try
        {
            return search.Parse(group.Query!.IndexName, group.Query.QueryString);
        }
        catch (QueryException ex)
        {
            if (_told.Add($"{group.Id} {group.Query!.QueryString}"))
                LogQueryRefused(group.Name, ex.Message);
            return null;
        }
    }

    [LoggerMessage(10010, LogLevel.Warning, "The query of dynamic group {Group} cannot be asked at present, so its members stay as they are: {Reason}")]
    private partial void LogQueryRefused(string group, string reason);
}
