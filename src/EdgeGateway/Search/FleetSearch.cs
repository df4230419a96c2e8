using EdgeGateway.Registry;
using EdgeGateway.Search.Query;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>
/// Answers queries by looking at every entry: an entry is a few arrays of bytes, so ten thousand are looked through in milliseconds, and a change
/// costs nothing but its own entry.
/// </summary>
internal sealed class FleetSearch : IFleetSearch
{
    private const int NamedShadowsOfAws = 10;
    private readonly SearchOptions _options;
    private readonly SearchStore _store;
    private readonly FleetIndex _index;
    private readonly IndexSources _sources;
    private readonly IndexChanges _changes;
    private volatile IndexSettings _settings;
    private volatile bool _isBuilt;

    public FleetSearch(SearchOptions options, SearchStore store, FleetIndex index, IndexSources sources, IndexChanges changes)
    {
        (_options, _store, _index, _sources, _changes) = (options, store, index, sources, changes);
        _settings = store.Settings() ?? options.Initial;
    }

    public IndexSettings Settings => _settings;

    public async Task UpdateSettingsAsync(IndexSettings settings, CancellationToken cancellationToken)
    {
        Check(settings);
        await _store.SaveAsync(settings);
        _isBuilt = false;
        _settings = settings;
        _changes.Everything();
    }

    /// <summary>All entries are those of these settings.</summary>
    public void Built(IndexSettings settings) => _isBuilt = ReferenceEquals(settings, _settings);

    public IndexStatus StatusOf(string index)
    {
        var isOn = index switch
        {
            IndexName.Things => _settings.Things,
            IndexName.ThingGroups => _settings.Groups,
            _ => false,
        };
        return !isOn ? IndexStatus.Off : _isBuilt ? IndexStatus.Active : IndexStatus.Building;
    }

    public async Task<FoundPage<FoundThing>> ThingsAsync(string query, string after, int atMost, CancellationToken cancellationToken)
    {
        var (parsed, entries) = await OpenAsync(IndexName.Things, query, cancellationToken);
        return Page(parsed, entries, after, atMost, Found);
    }

    public async Task<FoundPage<ThingGroup>> GroupsAsync(string query, string after, int atMost, CancellationToken cancellationToken)
    {
        var (parsed, entries) = await OpenAsync(IndexName.ThingGroups, query, cancellationToken);
        return Page(parsed, entries, after, atMost, entry => _sources.Groups.Find(entry.Name));
    }

    public async Task<FieldStatistics> StatisticsAsync(string index, string query, string? field, CancellationToken cancellationToken) =>
        (await AggregateAsync(index, query, field, cancellationToken)).Statistics();

    public async Task<long> CardinalityAsync(string index, string query, string? field, CancellationToken cancellationToken) =>
        (await AggregateAsync(index, query, field, cancellationToken)).Cardinality();

    public async Task<IReadOnlyList<(double Percent, double Value)>> PercentilesAsync(
        string index, string query, string? field, IReadOnlyList<double> percents, CancellationToken cancellationToken)
    {
        if (Aggregated(index, field).Type is not FieldType.Number and var type)
            throw new AggregationException($"the aggregation field {field} is of type {type}, percentiles need a Number");
        return (await AggregateAsync(index, query, field, cancellationToken)).Percentiles(percents);
    }

    public async Task<(long Total, IReadOnlyList<(string Value, long Count)> Buckets)> BucketsAsync(
        string index, string query, string? field, int atMost, CancellationToken cancellationToken)
    {
        var aggregate = await AggregateAsync(index, query, field, cancellationToken);
        return (aggregate.Total, aggregate.Buckets(atMost));
    }

    public async Task<Connectivity?> ConnectivityAsync(string thing, CancellationToken cancellationToken)
    {
        if (!_settings.Connectivity || StatusOf(IndexName.Things) != IndexStatus.Active)
            throw new IndexUnavailableException("connectivity is not indexed, or the index is being built", isBuilding: true);
        await _changes.CaughtUpAsync(cancellationToken);
        return _index.ConnectivityOf(thing);
    }

    public void Check(string index, string query) => Parse(index, query);

    /// <exception cref="QueryException">It is wrong.</exception>
    public QueryNode Parse(string index, string query)
    {
        var settings = _settings;
        return QueryParser.Parse(query, index == IndexName.ThingGroups ? IndexFields.OfGroup : (name, position) => IndexFields.OfThing(name, position, settings), _options.Limits);
    }

    private async Task<Aggregate> AggregateAsync(string index, string query, string? field, CancellationToken cancellationToken)
    {
        var (parsed, entries) = await OpenAsync(index, query, cancellationToken);
        var (aggregated, type) = Aggregated(index, field);
        var evaluator = new QueryEvaluator(seesDynamicGroups: true);
        return new(entries.Where(entry => evaluator.Holds(parsed, entry)), aggregated, type);
    }

    private async Task<(QueryNode Query, IReadOnlyList<IndexEntry> Entries)> OpenAsync(string index, string query, CancellationToken cancellationToken)
    {
        switch (StatusOf(index))
        {
            case IndexStatus.Off:
                throw new IndexUnavailableException($"there is no index {index}, or it is off: UpdateIndexingConfiguration switches {IndexName.Things} and {IndexName.ThingGroups} on", isBuilding: false);
            case IndexStatus.Building:
                throw new IndexUnavailableException($"the index {index} is being built", isBuilding: true);
        }
        var parsed = Parse(index, query);
        await _changes.CaughtUpAsync(cancellationToken);
        return (parsed, (index == IndexName.ThingGroups ? _index.Groups : _index.Things).Current);
    }

    private static FoundPage<T> Page<T>(QueryNode query, IReadOnlyList<IndexEntry> entries, string after, int atMost, Func<IndexEntry, T?> find)
        where T : class
    {
        var evaluator = new QueryEvaluator(seesDynamicGroups: true);
        var found = new List<T>();
        string? last = null;
        for (var i = after.Length == 0 ? 0 : EntryList.FirstAfter(entries, after); i < entries.Count; i++)
        {
            if (!evaluator.Holds(query, entries[i]))
                continue;
            if (found.Count == atMost)
                return new(found, last);
            if (find(entries[i]) is { } item) // null: deleted at this moment
                found.Add(item);
            last = entries[i].Name;
        }
        return new(found, null);
    }

    private FoundThing? Found(IndexEntry entry)
    {
        if (_sources.Thing(entry.Name) is not { } thing)
            return null;
        var shadows = entry.Shadows
            .Select(shadow => (shadow.Name, Document: _sources.Shadow(new ShadowId(entry.Name, shadow.Name)))).Where(static shadow => shadow.Document is not null)
            .Select(static shadow => (shadow.Name, shadow.Document!)).OrderBy(static shadow => shadow.Name, StringComparer.Ordinal).ToList();
        return new(thing, [.. _sources.DirectGroupsOf(entry.Name).Select(static group => group.Name)], ShadowView.Write(shadows), _settings.Connectivity ? _index.ConnectivityOf(entry.Name) : null);
    }

    private (QueryField Field, FieldType Type) Aggregated(string index, string? name)
    {
        var settings = _settings;
        var isGroups = index == IndexName.ThingGroups;
        name ??= isGroups ? "version" : IndexFields.Version;
        IEnumerable<CustomField> known = isGroups ? [.. IndexFields.ManagedGroupFields, .. settings.GroupFields] : [.. IndexFields.ManagedOf(settings), .. settings.ThingFields];
        var type = known.FirstOrDefault(field => field.Name == name || IsBelowEveryShadow(field.Name, name))?.Type
            ?? (name == IndexFields.ThingType || name == IndexFields.ThingGroups ? FieldType.String : null as FieldType?)
            ?? throw new AggregationException($"the aggregation field {name} is neither a managed field nor a custom field: UpdateIndexingConfiguration declares it in customFields with its type");
        try
        {
            return (isGroups ? IndexFields.OfGroup(name, 1) : IndexFields.OfThing(name, 1, settings), type);
        }
        catch (QueryException ex)
        {
            throw new AggregationException($"the aggregation field {name}: {ex.Message}");
        }
    }

    // The managed fields "shadow.name.*.version".
    private static bool IsBelowEveryShadow(string field, string name) =>
        field.IndexOf('*', StringComparison.Ordinal) is > 0 and var star && name.StartsWith(field[..star], StringComparison.Ordinal) && name.EndsWith(field[(star + 1)..], StringComparison.Ordinal)
        && name.Length > field.Length - 1 && !name[star..^(field.Length - star - 1)].Contains('.', StringComparison.Ordinal);

    private void Check(IndexSettings settings)
    {
        if (!settings.Things && (settings.Shadows || settings.Connectivity || settings.NamedShadows))
            throw new IndexSettingsException("thingIndexingMode is OFF: connectivity and named shadows are indexed only together with the registry");
        if (_options.IsAws && settings.NamedShadowNames.Count > NamedShadowsOfAws)
            throw new IndexSettingsException($"filter.namedShadowNames has {settings.NamedShadowNames.Count} names, allowed are at most {NamedShadowsOfAws}");
        if (settings.GeoLocations.GroupBy(static location => location.Name).FirstOrDefault(static same => same.Count() > 1) is { } twice)
            throw new IndexSettingsException($"filter.geoLocations names {twice.Key} more than once");
        foreach (var (kind, fields, resolve) in new (string, IReadOnlyList<CustomField>, Func<string, QueryField>)[]
                 {
                     ("thingIndexingConfiguration.customFields", settings.ThingFields, name => IndexFields.OfThing(name, 1, settings)),
                     ("thingIndexingConfiguration.filter.geoLocations", [.. settings.GeoLocations.Select(static location => new CustomField(location.Name, FieldType.String))], name => IndexFields.OfPlace(name, settings)),
                     ("thingGroupIndexingConfiguration.customFields", settings.GroupFields, static name => IndexFields.OfGroup(name, 1)),
                 })
        {
            if (fields.Count > _options.CustomFields)
                throw new IndexSettingsException($"{kind} has {fields.Count} fields, allowed are at most {_options.CustomFields}");
            foreach (var field in fields)
                try
                {
                    resolve(field.Name);
                }
                catch (QueryException ex)
                {
                    throw new IndexSettingsException($"{kind}: {ex.Message}");
                }
        }
    }
}
