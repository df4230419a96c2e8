using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>The policies in force for one principal and thing, and where each comes from.</summary>
internal sealed record EffectivePolicies(IReadOnlyList<PolicySource> Sources, ConnectionThing? Thing)
{
    /// <summary>Everything decided from these would come out the same as from those.</summary>
    public bool SameAs(EffectivePolicies other) =>
        ConnectionThing.Same(Thing, other.Thing) && Sources.Count == other.Sources.Count
        && Sources.Zip(other.Sources).All(pair => ReferenceEquals(pair.First.Document, pair.Second.Document) && pair.First.Through == pair.Second.Through);
}
