using System.Collections.Immutable;

namespace EdgeGateway.Sync.Things;

/// <summary>
/// An entry as one side has it, flat: <c>type</c>, <c>parent</c>, <c>description</c>, <c>search</c>, <c>deprecated</c>, <c>attributes/NAME</c>,
/// <c>groups/NAME</c>. Flat, so that both sides are merged leaf by leaf.
/// </summary>
/// <param name="Version">What a write of this side must still find; 0 where the side keeps none.</param>
internal sealed record RegistryItem(ImmutableSortedDictionary<string, string> Leaves, long Version)
{
    public const string Type = "type", Parent = "parent", Description = "description", Search = "search", Deprecated = "deprecated", Attributes = "attributes/", Groups = "groups/";

    /// <summary>Leaves that are fixed once an entry is made.</summary>
    public static bool IsFixed(string leaf) => leaf is Parent or Search;

    public static ImmutableSortedDictionary<string, string>.Builder Build() => ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);

    public string? Get(string leaf) => Leaves.GetValueOrDefault(leaf);

    public IReadOnlyDictionary<string, string> AttributeValues => Below(Attributes);

    public IReadOnlyList<string> GroupNames => [.. Below(Groups).Keys];

    /// <summary>Of a thing: what its own update changes.</summary>
    public ImmutableSortedDictionary<string, string> WithoutGroups => Leaves.RemoveRange(Leaves.Keys.Where(static leaf => leaf.StartsWith(Groups, StringComparison.Ordinal)));

    public static bool Same(ImmutableSortedDictionary<string, string>? one, ImmutableSortedDictionary<string, string>? other) =>
        one is null ? other is null : other is not null && one.Count == other.Count && one.SequenceEqual(other);

    private Dictionary<string, string> Below(string prefix) => Leaves
        .Where(leaf => leaf.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(leaf => leaf.Key[prefix.Length..], static leaf => leaf.Value, StringComparer.Ordinal);
}
