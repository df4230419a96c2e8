using EdgeGateway.Registry;

namespace EdgeGateway.Api.Catalog;

/// <summary>One thing of the registry.</summary>
/// <param name="TypeName">Null without a type.</param>
/// <param name="Version">1 at creation, one more with each update.</param>
public sealed record ThingResponse(string Name, string Id, string? TypeName, IReadOnlyDictionary<string, string> Attributes, long Version, string? BillingGroupName)
{
    internal static ThingResponse From(Thing thing) => new(thing.Name, thing.Id, thing.TypeName, thing.Attributes, thing.Version, thing.BillingGroupName);
}
