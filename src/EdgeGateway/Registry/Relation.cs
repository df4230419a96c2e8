using System.Collections.Immutable;

namespace EdgeGateway.Registry;

/// <summary>Immutable pairs of names, looked up from either side in order.</summary>
internal sealed class Relation
{
    private static readonly ImmutableSortedSet<string> NoNames = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private static readonly ImmutableDictionary<string, ImmutableSortedSet<string>> Nothing =
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>> _rights;
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>> _lefts;

    private Relation(ImmutableDictionary<string, ImmutableSortedSet<string>> rights, ImmutableDictionary<string, ImmutableSortedSet<string>> lefts)
    {
        _rights = rights;
        _lefts = lefts;
    }

    public static Relation Empty { get; } = new(Nothing, Nothing);

    public ImmutableSortedSet<string> RightsOf(string left) => _rights.GetValueOrDefault(left, NoNames);

    public ImmutableSortedSet<string> LeftsOf(string right) => _lefts.GetValueOrDefault(right, NoNames);

    public bool Has(string left, string right) => RightsOf(left).Contains(right);

    public Relation With(string left, string right) =>
        new(_rights.SetItem(left, RightsOf(left).Add(right)), _lefts.SetItem(right, LeftsOf(right).Add(left)));

    public Relation Without(string left, string right) => new(Remove(_rights, left, right), Remove(_lefts, right, left));

    private static ImmutableDictionary<string, ImmutableSortedSet<string>> Remove(
        ImmutableDictionary<string, ImmutableSortedSet<string>> side, string key, string value)
    {
        if (!side.TryGetValue(key, out var set))
            return side;
        set = set.Remove(value);
        return set.IsEmpty ? side.Remove(key) : side.SetItem(key, set);
    }
}
