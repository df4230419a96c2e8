using System.Collections.Immutable;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>All that decisions are made from, at one moment; never changed, only replaced.</summary>
/// <param name="Policies">Default version of each policy, by name.</param>
/// <param name="Attachments">Policy names by target ARN.</param>
internal sealed record IdentitySnapshot(
    ImmutableDictionary<string, Certificate> Certificates,
    ImmutableDictionary<string, PolicyInForce> Policies,
    ImmutableDictionary<string, ImmutableArray<string>> Attachments)
{
    public static IdentitySnapshot Empty { get; } = new(
        ImmutableDictionary<string, Certificate>.Empty, ImmutableDictionary<string, PolicyInForce>.Empty, ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    public IEnumerable<PolicyInForce> AttachedTo(string target)
    {
        foreach (var name in Attachments.GetValueOrDefault(target, []))
        {
            if (Policies.TryGetValue(name, out var policy))
                yield return policy;
        }
    }
}
